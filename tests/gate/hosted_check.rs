//! Request types that a hosted portal cannot offer: what `jsm-gate check` says of them, and what customers
//! are told.

use reqwest::StatusCode;
use rstest::rstest;
use sandbox::jsm::{Desk, Field, FieldKind, JsmSettings, RequestType, RequestTypeGroup};

use crate::commands::{findings, told};
use crate::hosted_forms::{hosted, raised, send, ticket};
use crate::site::Site;
use crate::visitor::Visitor;

/// One request type that can be offered, and three that cannot on Cloud.
fn desk() -> Desk {
    let tree = Field::new("customfield_10901", "Place in the tree", FieldKind::App).required();
    let empty = Field::new("customfield_10902", "Colour", FieldKind::Select).required();
    let types = [
        RequestType::new(901, "Plain", ""),
        RequestType::new(902, "With a tree", "").with_fields([tree]),
        RequestType::new(903, "Without colours", "").with_fields([empty]),
        RequestType::new(904, "With a form", "").with_form(),
    ];
    Desk { groups: vec![RequestTypeGroup::new(90, "All", types)], ..Desk::new(2, "IT", "IT Help") }
}

async fn site_with(jsm: JsmSettings) -> Site {
    hosted(jsm.with_desks([desk()]), "").await
}

#[rstest]
#[case::cloud(JsmSettings::cloud(), true)]
#[case::data_center(JsmSettings::data_center(), false)]
#[tokio::test(flavor = "multi_thread")]
async fn a_check_names_the_request_types_that_cannot_be_offered(
    #[case] jsm: JsmSettings,
    #[case] tells_forms: bool,
) {
    let site = site_with(jsm).await;
    let found = findings(&site, str::to_owned).await;
    told(&found, "warning", "hosted IT", "customers cannot make \"With a tree\" (902)");
    told(&found, "warning", "hosted IT", "\"Place in the tree\" (customfield_10901) is of a type");
    told(
        &found,
        "warning",
        "hosted IT",
        "\"Colour\" (customfield_10902) has nothing to choose from",
    );
    let is_of_form = |one: &&(String, String, String)| one.2.contains("\"With a form\" (904)");
    assert_eq!(found.iter().filter(is_of_form).count(), usize::from(tells_forms), "{found:#?}");
    assert!(!found.iter().any(|one| one.2.contains("\"Plain\"")), "{found:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_tells_of_jiras_own_limit_of_files() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let found = findings(&site, str::to_owned).await;
    assert!(!found.iter().any(|one| one.1 == "hosted files"), "{found:#?}");
    site.jsm.limit_files(10_000_000);
    told(&findings(&site, str::to_owned).await, "ok", "hosted files", "up to 10.0 MB");
    site.jsm.take_files(false);
    told(&findings(&site, str::to_owned).await, "warning", "hosted files", "switched off");
}

/// A group of Jira's is nobody's business unless the file names it.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn groups_can_be_chosen_that_the_file_names(#[case] jsm: JsmSettings) {
    let team = Field::new("customfield_10903", "Team", FieldKind::Group).required();
    let types = [RequestType::new(905, "For a team", "").with_fields([team])];
    let groups = vec![RequestTypeGroup::new(90, "All", types)];
    let jsm = jsm.with_desks([Desk { groups, ..Desk::new(2, "IT", "IT Help") }]);
    let named = "[hosted]\ngroups = [\"Network team\", \"printers\"]";
    let site = hosted(jsm, named).await;
    let found = findings(&site, |toml| toml.replace(named, "")).await;
    told(&found, "warning", "hosted IT", "asks for a group, and [hosted] groups names none");
    told(&findings(&site, str::to_owned).await, "ok", "hosted IT", "every form can be shown");

    let mut ann = site.logged_in("ann").await;
    let form = "/p/it/create/905";
    let page = ann.open(&site.at(form)).await;
    assert!(page.body.contains("Network team") && page.body.contains("printers"), "{}", page.body);
    let ticket = ticket(&site, &mut ann, form).await;
    for (group, taken) in [("jira-administrators", false), ("printers", true)] {
        let pairs = [("ticket", ticket.as_str()), ("summary", "x"), ("customfield_10903", group)];
        let sent = send(&site, &mut ann, form, &pairs).await;
        assert_eq!(sent.status == StatusCode::SEE_OTHER, taken, "{group}: {}", sent.body);
    }
    let fields = &raised(&site)[0]["requestFieldValues"];
    assert_eq!(fields["customfield_10903"], serde_json::json!({ "name": "printers" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_says_that_every_form_can_be_shown() {
    let site = hosted(JsmSettings::cloud(), "").await;
    let found = findings(&site, str::to_owned).await;
    told(&found, "ok", "hosted IT", "every form can be shown: 3 request types");
}

/// A request without the answers of an attached form would have no form at all, and nobody would notice.
#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_cannot_be_offered_says_so() {
    let site = site_with(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    assert_eq!(ann.open(&site.at("/p/it/create/901")).await.status, StatusCode::OK);
    for id in [902, 903, 904] {
        let form = format!("/p/it/create/{id}");
        let page = ann.open(&site.at(&form)).await;
        assert!(page.body.contains("type-unavailable"), "{id}: {}", page.body);
        send(&site, &mut ann, &form, &[("summary", "My screen")]).await;
    }
    assert_eq!(raised(&site).len(), 0);
}

/// Nobody waits for that to be found out: whoever comes first may see it, and whoever comes later does not.
#[tokio::test(flavor = "multi_thread")]
async fn a_type_that_cannot_be_offered_is_not_listed_once_that_is_known() {
    let site = site_with(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    ann.open(&site.at("/p/it")).await;
    for address in ["/p/it", "/p/it/group/90", "/p/it/search?q=with"] {
        let listed = async |ann: &mut Visitor| {
            let body = ann.open(&site.at(address)).await.body;
            let all = ["Plain", "With a tree", "Without colours", "With a form"];
            all.into_iter().filter(|name| body.contains(name)).collect::<Vec<_>>()
        };
        let settled = async {
            while listed(&mut ann).await != ["Plain"] {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let settled = tokio::time::timeout(crate::site::TEST_TIMEOUT, settled).await;
        assert!(settled.is_ok(), "{address} lists {:?}", listed(&mut ann).await);
    }
}

/// The form builder is asked beside JSM. Where it does not answer, JSM's own form is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_shown_though_the_form_builder_does_not_answer() {
    let site = site_with(JsmSettings::cloud()).await;
    let path = "/jira/forms/cloud/11111111-2222-4333-8444-555555555555/servicedesk/12/requesttype/904/form";
    let refused = sandbox::jsm::Canned::json(403, "{}").for_calls(reqwest::Method::GET, path);
    site.jsm.answer_next(9, &refused);
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/p/it/create/904")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}
