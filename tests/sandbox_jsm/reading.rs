//! Requests are read by JSM's calls and by the platform's, with what each lets out.

use rstest::rstest;
use sandbox::jsm::{Account, Article, JsmSettings, MARKED_WORDS, RequestType, SeenRequest, Status};
use serde_json::{Value, json};

use crate::rest::{cloud, data_center, each};
use crate::support::Site;
use crate::{Browser, location};

fn both() -> [JsmSettings; 2] {
    [JsmSettings::cloud(), JsmSettings::data_center()]
}

/// A request of Ann's with an answer, an internal comment and a file of each.
async fn answered(settings: JsmSettings) -> (Site, String) {
    let site = Site::start(settings).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let key = site.jsm.add_request("IT", &ann, "Laptop");
    site.jsm.answer_with_file(&key, "manual.pdf", "read me");
    site.jsm.note_with_file(&key, "log.txt");
    (site, key)
}

fn marks(value: &Value) -> Vec<&'static str> {
    let text = value.to_string();
    MARKED_WORDS.into_iter().filter(|word| text.contains(word)).collect()
}

#[tokio::test]
async fn a_request_of_the_portal_is_the_one_that_rest_shows() {
    let site = data_center().await;
    let raised = Browser::of("ann@example.com", &site).raise("Laptop", &site.jsm.origin()).await;
    assert!(location(&raised).ends_with("/IT-1"));
    let request = site.read("servicedeskapi/request/IT-1").await;
    assert_eq!(request["reporter"]["name"], "ann@example.com");
    assert_eq!(request["requestFieldValues"][0]["value"], "Laptop");
    let html = &request["requestFieldValues"][1]["renderedValue"]["html"];
    assert_eq!(html, "<p>&lt;b&gt;please&lt;/b&gt;</p>");
}

/// JSM's calls keep fields and status of agents to themselves; links and internal comments are the
/// reader's business.
#[tokio::test]
async fn what_jsm_says_of_a_request_is_the_customers_side() {
    for settings in both() {
        let (site, key) = answered(settings).await;
        let request = site.read(&format!("servicedeskapi/request/{key}?expand=status")).await;
        assert_eq!(marks(&request), ["AGENT-ONLY"], "only the agent's link");
        assert_eq!(request["currentStatus"]["status"], "Waiting for support");
        let comments = site.read(&format!("servicedeskapi/request/{key}/comment")).await;
        assert_eq!(each(&comments, "public"), ["true", "false"], "an agent is given both");
        let public = format!("servicedeskapi/request/{key}/comment?internal=false");
        assert_eq!(marks(&site.read(&public).await), Vec::<&str>::new());
        let issue = site.read(&format!("api/2/issue/{key}")).await;
        let expected =
            ["INTERNAL-COMMENT", "INTERNAL-FILE", "INTERNAL-STATUS", "HIDDEN-FIELD", "AGENT-ONLY"];
        assert_eq!(marks(&issue), expected, "the platform says everything");
    }
}

#[tokio::test]
async fn the_platform_renders_comments_and_only_cloud_says_what_is_public() {
    for (settings, expected) in both().into_iter().zip([json!(true), Value::Null]) {
        let (site, key) = answered(settings).await;
        let call = format!("api/2/issue/{key}/comment?expand=renderedBody,properties");
        let comments = site.read(&call).await;
        let first = &comments["comments"][0];
        let issue = site.read(&format!("api/2/issue/{key}?fields=attachment")).await;
        let id = issue["fields"]["attachment"][0]["id"].as_str().unwrap();
        let address = format!("{}/secure/attachment/{id}/{id}", site.jsm.origin());
        let html = format!("<p>Please see <a href=\"{address}\">manual.pdf</a>.</p>");
        assert_eq!(first["renderedBody"], html);
        assert_eq!(first["jsdPublic"], expected);
        let internal = &comments["comments"][1]["properties"][0];
        assert_eq!(internal["key"], "sd.public.comment");
        assert_eq!(internal["value"]["internal"], true);
    }
}

#[tokio::test]
async fn statuses_participants_and_approvals_are_listed() {
    let (site, key) = answered(JsmSettings::cloud()).await;
    let bob = site.jsm.add_account(Account::customer("Bob", "bob@example.com"));
    site.jsm.set_status(&key, Status::Resolved);
    site.jsm.change_request(&key, |request| request.participants.push(bob.clone()));
    site.jsm.ask_approval(&key, &[&bob]);
    let request = format!("servicedeskapi/request/{key}");
    let history = site.read(&format!("{request}/status?requestLanguage=de-DE")).await;
    assert_eq!(each(&history, "status"), ["Erledigt", "Warten auf Support"], "the newest first");
    let expanded = site.read(&format!("{request}?expand=participant&expand=sla,comment")).await;
    assert_eq!(expanded["participants"]["values"][0]["accountId"], bob);
    assert_eq!(expanded["sla"]["size"], 1);
    assert_eq!(expanded["comments"]["size"], 2);
    let approval = &site.read(&format!("{request}/approval")).await["values"][0];
    assert_eq!(approval["finalDecision"], "pending");
    assert_eq!(approval["approvers"][0]["approver"]["accountId"], bob);
}

#[tokio::test]
async fn an_issue_without_a_request_type_is_no_request() {
    let (site, key) = answered(JsmSettings::cloud()).await;
    site.jsm.change_request(&key, |request| request.type_id = None);
    assert_eq!(site.get(&format!("servicedeskapi/request/{key}")).await.0, 404);
    assert_eq!(site.get(&format!("api/3/issue/{key}")).await.0, 200);
    assert_eq!(site.get("servicedeskapi/request/IT-99").await.0, 404);
}

#[tokio::test]
async fn a_file_comes_from_another_host_without_the_token() {
    let (site, key) = answered(JsmSettings::cloud()).await;
    let issue = site.read(&format!("api/3/issue/{key}?fields=attachment")).await;
    let file = &issue["fields"]["attachment"][0];
    assert_eq!(file["filename"], "manual.pdf");
    let call = format!("api/3/attachment/content/{}", file["id"].as_str().unwrap());
    let redirect = site.call(reqwest::Method::GET, &call).send().await.unwrap();
    assert_eq!(redirect.status(), 303);
    let there = location(&redirect);
    assert!(there.starts_with("http://localhost:") && there.contains("MEDIA-TOKEN"), "{there}");
    let media = reqwest::Client::new().get(there);
    let sent = media.try_clone().unwrap().bearer_auth("x").send().await.unwrap();
    assert_eq!(sent.status(), 400, "with the token it is refused");
    let file = media.send().await.unwrap();
    assert_eq!(file.headers()["content-type"], "application/pdf");
    assert_eq!(file.text().await.unwrap(), "read me");
}

#[tokio::test]
async fn data_center_gives_files_itself_and_lists_none() {
    let (site, key) = answered(JsmSettings::data_center()).await;
    assert_eq!(site.get(&format!("servicedeskapi/request/{key}/attachment")).await.0, 404);
    let issue = site.read(&format!("api/2/issue/{key}?fields=attachment")).await;
    let content = issue["fields"]["attachment"][0]["content"].as_str().unwrap();
    let call = content.strip_prefix(&site.jsm.url()).unwrap();
    let file = site.call(reqwest::Method::GET, &format!("..{call}")).send().await.unwrap();
    assert_eq!(file.text().await.unwrap(), "read me");
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn types_in_no_group_and_restricted_ones_are_listed_to_administrators(
    #[case] mut settings: JsmSettings,
) {
    settings.desks[0].ungrouped.push(RequestType::new(99, "Hidden", "In no group."));
    let site = Site::start(settings).await;
    let types = site.read("servicedeskapi/servicedesk/12/requesttype").await;
    assert_eq!(each(&types, "id"), ["66", "67", "68", "99"]);
    assert_eq!(types["values"][3]["groupIds"], json!([]));
    let groups = site.read("servicedeskapi/servicedesk/12/requesttypegroup").await;
    assert_eq!(each(&groups, "name"), ["Access and equipment", "Problems"]);
    let in_group = site.read("servicedeskapi/servicedesk/12/requesttype?groupId=7").await;
    assert_eq!(each(&in_group, "id"), ["68"]);
}

#[tokio::test]
async fn cloud_checks_what_another_account_may_use() {
    let mut settings = JsmSettings::cloud();
    settings.desks[0].groups[1].types[0].allowed = Some(vec!["qm:bob".to_owned()]);
    let site = Site::start(settings).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    site.jsm.add_account(Account::customer("Bob", "bob@example.com").with_id("qm:bob"));
    let call = "servicedeskapi/servicedesk/12/requesttype/permissions/check";
    let ask = |id: &str| {
        json!({"accountId": id, "permissions": ["canCreateRequest"],
               "requestTypeIds": [66, 68, 12345]})
    };
    assert_eq!(site.post(call, ask(&ann)).await.1["canCreateRequest"], json!(["66"]));
    assert_eq!(site.post(call, ask("qm:bob")).await.1["canCreateRequest"], json!(["66", "68"]));
    site.jsm.open_desk("IT", false);
    assert_eq!(site.post(call, ask(&ann)).await.1["canCreateRequest"], json!([]));
}

#[tokio::test]
async fn data_center_names_who_may_use_a_type() {
    let mut settings = JsmSettings::data_center();
    settings.desks[0].groups[1].types[0].allowed = Some(vec!["ann@example.com".to_owned()]);
    let site = Site::start(settings).await;
    site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let call = "servicedeskapi/servicedesk/12/requesttype/68/permission";
    assert_eq!(site.read(call).await["permissions"][0]["displayName"], "Ann");
    assert_eq!(site.read(&call.replace("/68/", "/66/")).await["permissions"], json!([]));
}

#[tokio::test]
async fn an_icon_needs_the_token() {
    let site = cloud().await;
    let call = "api/2/universal_avatar/view/type/SD_REQTYPE/avatar/10505";
    let icon = site.call(reqwest::Method::GET, call).send().await.unwrap();
    assert_eq!(icon.headers()["content-type"], "image/svg+xml;charset=UTF-8");
    let stranger = reqwest::get(format!("{}/rest/{call}", site.jsm.url())).await.unwrap();
    assert_eq!(stranger.status(), 401);
}

#[tokio::test]
async fn articles_are_found_by_words() {
    let site = cloud().await;
    site.jsm.add_article(Article {
        id: 7,
        title: "Stolen computer".to_owned(),
        excerpt: "what to do".to_owned(),
        html: "<p>Tell us.</p>".to_owned(),
        project: Some("IT".to_owned()),
    });
    let call = "servicedeskapi/servicedesk/12/knowledgebase/article?query=stolen";
    assert_eq!(each(&site.read(call).await, "title"), ["Stolen computer"]);
    assert_eq!(site.read(&call.replace("/12/", "/13/")).await["size"], 0);
    let view = site.read("servicedeskapi/knowledgebase/article/view/7").await;
    assert!(view.as_str().unwrap().contains("<p>Tell us.</p>"));
}

#[tokio::test]
async fn bodies_of_calls_can_be_looked_at() {
    let site = cloud().await;
    site.post("servicedeskapi/organization", json!({"name": "Acme"})).await;
    let seen: Vec<SeenRequest> = site.jsm.seen();
    assert_eq!(seen[0].sent().unwrap(), json!({"name": "Acme"}));
}
