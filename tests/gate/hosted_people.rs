//! People whom customers name by address in a form of a hosted portal.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Account, Desk, JsmSettings, SeenRequest};
use serde_json::json;

use crate::hosted_forms::{ANN, BOB, Sent, hosted, raised, send, ticket};
use crate::site::Site;
use crate::visitor::Visitor;

const EVE: &str = "id-of-eve";
const FORM: &str = "/p/it/create/201";
const MANAGER: &str = "customfield_10141";
const KNOWN: &str = "[hosted]\nparticipants = \"known\"";
const PARTICIPANTS: &str = "customfield_10032";

/// Ann and Bob are colleagues. JSM knows Eve too.
async fn with_every_field(jsm: JsmSettings, whom: &str) -> Site {
    let desk = Desk::with_every_kind_of_field(2, "IT").restricted();
    let site = hosted(jsm.with_desks([desk]), whom).await;
    site.jsm.add_account(Account::customer("Eve Elsewhere", "eve@example.org").with_id(EVE));
    site.jsm.add_organization("Acme", &[ANN, BOB], &["IT"]);
    site
}

async fn fill(site: &Site, ann: &mut Visitor, more: &[(&str, &str)]) -> Sent {
    let ticket = ticket(site, ann, FORM).await;
    site.jsm.clear_seen();
    let mut pairs = vec![
        ("ticket", ticket.as_str()),
        ("summary", "A visit"),
        ("customfield_10102", "Because"),
        ("customfield_10103", "3"),
        ("customfield_10121", "10201"),
    ];
    pairs.extend(more);
    send(site, ann, FORM, &pairs).await
}

#[rstest]
#[case::cloud(JsmSettings::cloud(), "accountId")]
#[case::data_center(JsmSettings::data_center(), "name")]
#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_named_by_address(#[case] jsm: JsmSettings, #[case] called: &str) {
    let site = with_every_field(jsm, "").await;
    let mut ann = site.logged_in("ann").await;
    let people = "Bob@example.com\nann@example.com\neve@example.org\nnobody@example.com";
    let sent = fill(&site, &mut ann, &[(PARTICIPANTS, people), (MANAGER, "bob@example.com")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let call = raised(&site).remove(0);
    assert_eq!(call["requestParticipants"], json!([BOB]), "strangers, or the reporter, take part");
    assert_eq!(call["requestFieldValues"][MANAGER], json!({ called: BOB }));
}

/// What JSM was asked about people. The gate also looks at desks from time to time.
fn asked_of_people(site: &Site) -> Vec<String> {
    let is_of_people = |path: &&str| {
        ["/user", "/organization", "/customer", "/role"].iter().any(|part| path.contains(part))
    };
    let seen = site.jsm.seen();
    seen.iter().map(SeenRequest::path).filter(is_of_people).map(str::to_owned).collect()
}

/// Neither the page nor what JSM is asked tells Eve, whom JSM knows, from somebody whom nobody knows.
#[rstest]
#[case::cloud(JsmSettings::cloud(), "")]
#[case::data_center(JsmSettings::data_center(), "")]
#[case::of_the_cloud_desk(JsmSettings::cloud(), KNOWN)]
#[case::of_the_data_center_desk(JsmSettings::data_center(), KNOWN)]
#[tokio::test(flavor = "multi_thread")]
async fn p7_who_may_not_be_named_looks_like_nobody(#[case] jsm: JsmSettings, #[case] whom: &str) {
    let site = with_every_field(jsm, whom).await;
    let mut ann = site.logged_in("ann").await;
    let mut answers = Vec::new();
    for email in ["eve@example.org", "xyz@example.org"] {
        let sent = fill(&site, &mut ann, &[(MANAGER, email)]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains(&format!("“{email}” cannot be used")), "{}", sent.body);
        answers.push(asked_of_people(&site));
        assert!(answers.iter().all(|asked| asked.len() > 1), "{answers:?}");
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(raised(&site).len(), 0);
}

/// A beginning finds nobody, nor does a list of many.
#[tokio::test(flavor = "multi_thread")]
async fn p7_people_are_not_tried_out() {
    let site = with_every_field(JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    for begun in ["b", "bob", "bob@", "*", "bob@example.co"] {
        let sent = fill(&site, &mut ann, &[(MANAGER, begun)]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{begun}");
    }
    let many: Vec<_> = (0..20).map(|it| format!("p{it}@example.com")).collect();
    let sent = fill(&site, &mut ann, &[(PARTICIPANTS, &many.join("\n"))]).await;
    assert!(sent.body.contains("You have named many people"), "{}", sent.body);
    assert!(sent.body.contains("p19@example.com"), "what was typed is lost: {}", sent.body);
    let searched =
        |it: &&SeenRequest| it.method == Method::GET && it.path().ends_with("/user/search");
    assert_eq!(site.jsm.seen().iter().filter(searched).count(), 0);
    assert_eq!(raised(&site).len(), 0);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p13_known_lets_customers_of_the_desk_be_named_and_nobody_else(#[case] jsm: JsmSettings) {
    let site = with_every_field(jsm, KNOWN).await;
    let listed = Account::customer("Cem Customer", "cem@example.net").with_id("id-of-cem");
    site.jsm.add_account(listed);
    site.jsm.list_customer("IT", "id-of-cem");
    let mut ann = site.logged_in("ann").await;
    let people = "cem@example.net\neve@example.org";
    let sent = fill(&site, &mut ann, &[(PARTICIPANTS, people)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(raised(&site)[0]["requestParticipants"], json!(["id-of-cem"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_may_be_named_nobody_is_asked_for() {
    let site = with_every_field(JsmSettings::cloud(), "[hosted]\nparticipants = \"none\"").await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(FORM)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains(MANAGER) && !page.body.contains(PARTICIPANTS), "{}", page.body);
}
