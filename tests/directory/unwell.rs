//! What JSM answers when something is wrong with it, with its entries or with the token.

use jsm_gate::domain::Level;
use jsm_gate::jsm::{Error, TokenKind, TokenRefusal, check};
use rstest::rstest;
use sandbox::jsm::{Canned, Desk, JsmSettings};

use crate::support::{Site, listed, no_rules};

const DESKS: &str = "/rest/servicedeskapi/servicedesk";
const TYPES: &str = "/rest/servicedeskapi/requesttype";
const NOTHING: &str =
    r#"{"size":0,"start":0,"limit":50,"isLastPage":true,"_links":{},"values":[]}"#;

fn cloud() -> JsmSettings {
    JsmSettings::cloud().with_desks([Desk::new(2, "IT", "IT Help"), Desk::new(3, "HR", "People")])
}

fn data_center() -> JsmSettings {
    JsmSettings::data_center().with_desks(cloud().desks)
}

/// What a stranger gets, and somebody whose token has expired.
fn empty_list() -> Canned {
    Canned::json(200, NOTHING).for_paths(DESKS)
}

fn with_reason(reason: &str) -> Canned {
    empty_list().header("x-seraph-loginreason", reason)
}

#[rstest]
#[case::expired("AUTHENTICATED_FAILED", TokenRefusal::Failed, "make a new token")]
#[case::locked_out("AUTHENTICATION_DENIED", TokenRefusal::Denied, "CAPTCHA")]
#[tokio::test]
async fn a_refused_token_that_is_answered_with_200_closes_no_portal(
    #[case] word: &str,
    #[case] expected: TokenRefusal,
    #[case] remedy: &str,
) {
    let site = Site::start(data_center()).await;
    let directory = site.fresh_directory(no_rules()).await;
    site.jsm.answer_next(1, &with_reason(word));
    let error = directory.refresh().await.unwrap_err();
    let is_it = matches!(&error, Error::TokenRefused { reason, .. } if *reason == expected);
    assert!(is_it, "{error:?}");
    assert!(error.remedy().contains(remedy), "{}", error.remedy());
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
}

#[rstest]
#[case::cloud(cloud())]
#[case::data_center(data_center())]
#[tokio::test]
async fn before_any_portal_goes_the_token_is_asked_who_it_is(#[case] settings: JsmSettings) {
    let site = Site::start(settings).await;
    let directory = site.fresh_directory(no_rules()).await;
    site.jsm.refuse_token(true);
    let only_a_public_one = r#"{"isLastPage":true,"values":[
        {"id":"99","projectId":"10099","projectName":"Public","projectKey":"PUB"}]}"#;
    for list in [empty_list(), Canned::json(200, only_a_public_one).for_paths(DESKS)] {
        site.jsm.answer_next(1, &list);
        let error = directory.refresh().await.unwrap_err();
        assert!(error.is_refused_token(), "{error}");
        assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    }
}

#[tokio::test]
async fn a_first_start_with_an_expired_token_says_so() {
    let site = Site::start(cloud()).await;
    site.jsm.refuse_token(true);
    site.jsm.answer_next(1, &empty_list());
    let error = site.directory(no_rules()).refresh().await.unwrap_err();
    assert!(error.is_refused_token(), "{error}");
}

#[tokio::test]
async fn a_scoped_token_that_the_site_answers_with_200_is_found_out_too() {
    let site = Site::start(cloud()).await;
    site.jsm.answer_next(1, &with_reason("AUTHENTICATED_FAILED"));
    let client = site.client();
    assert_eq!(client.service_desks().await.unwrap().entries.len(), 2);
    assert_eq!(client.token_kind(), Some(TokenKind::Scoped));
}

#[tokio::test]
async fn an_account_that_really_sees_nothing_any_more_closes_the_portals() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    let _ = (site.jsm.remove_desk("IT").unwrap(), site.jsm.remove_desk("HR").unwrap());
    assert_eq!(directory.refresh().await.unwrap().gone.len(), 2);
}

#[tokio::test]
async fn a_page_with_503_is_maintenance_and_not_a_limit() {
    let site = Site::start(cloud()).await;
    let page = Canned::text(503, "<!doctype html><title>Down for maintenance</title>");
    site.jsm.answer_next(4, &page);
    let error = site.client().server_info().await.unwrap_err();
    assert!(matches!(error, Error::Maintenance { .. }), "{error:?}");
    assert!(error.to_string().contains("down for maintenance"), "{error}");
    assert!(!error.remedy().contains("service account"), "{}", error.remedy());
}

const IT: &str = r#"{"id":"12","projectId":"10002","projectKey":"IT","projectName":"IT Help"}"#;

fn page(values: &str) -> String {
    format!(r#"{{"isLastPage":true,"values":[{values}]}}"#)
}

/// HR's entry in ways in which it cannot be read.
#[rstest]
#[case::null_id(r#"{"id":null,"projectId":"10003","projectKey":"HR","projectName":"People"}"#)]
#[case::no_project(r#"{"id":"13","projectKey":"HR","projectName":"People"}"#)]
#[case::no_key(r#"{"id":"13","projectId":"10003","projectKey":null,"projectName":"HR"}"#)]
#[case::a_text("\"HR\"")]
#[case::nothing("null")]
#[tokio::test]
async fn an_odd_service_desk_is_left_out_by_name_and_a_known_one_stays_open(#[case] odd: &str) {
    let site = Site::start(cloud()).await;
    let list = Canned::json(200, page(&format!("{IT},{odd}"))).for_paths(DESKS);
    site.jsm.answer_next(1, &list);
    let directory = site.fresh_directory(no_rules()).await;
    assert_eq!(listed(&directory.portals()), ["IT it"]);
    let told = &directory.odd_entries()[0];
    assert!(told.contains("service desk") && told.contains("left out"), "{told}");
    assert!(!odd.contains("HR") || !odd.starts_with('{') || told.contains("\"HR\""), "{told}");

    directory.refresh().await.unwrap();
    assert_eq!(directory.odd_entries(), Vec::<String>::new());
    site.jsm.answer_next(1, &list);
    assert_eq!(directory.refresh().await.unwrap().gone, Vec::<String>::new());
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"], "unknown is not gone");
}

#[rstest]
#[case::null(r#""projectName":null"#)]
#[case::empty(r#""projectName":"""#)]
#[case::missing(r#""more":1"#)]
#[tokio::test]
async fn a_service_desk_without_a_name_is_called_by_its_key(#[case] name: &str) {
    let site = Site::start(cloud()).await;
    let hr = format!(r#"{{"id":"13","projectId":"10003","projectKey":"HR",{name},"_links":null}}"#);
    site.jsm.answer_next(1, &Canned::json(200, page(&hr)).for_paths(DESKS));
    let portals = site.fresh_directory(no_rules()).await.portals();
    assert_eq!((listed(&portals), portals.all()[0].name.as_str()), (vec!["HR hr".into()], "HR"));
}

#[rstest]
#[case::without_desk(r#"{"id":"2","name":"orphan"}"#)]
#[case::null_desk(r#"{"id":"2","name":"orphan","serviceDeskId":null}"#)]
#[tokio::test]
async fn an_odd_request_type_is_left_out_with_a_warning(#[case] odd: &str) {
    let site = Site::start(cloud()).await;
    let good = r#"{"id":"1","serviceDeskId":"12","portalId":"2"}"#;
    let list = Canned::json(200, page(&format!("{good},{odd}"))).for_paths(TYPES);
    site.jsm.answer_next(1, &list);
    let directory = site.directory(no_rules());
    let found = check(&site.client(), &directory).await;
    let warning = found.iter().find(|it| it.text.contains("request type \"orphan\"")).unwrap();
    assert_eq!(warning.level, Level::Warning, "{warning:?}");
    let it = directory.portals().all()[1].portal_id.unwrap();
    assert_eq!(it.get(), 2);
}

#[tokio::test]
async fn an_empty_page_in_the_middle_is_stepped_over() {
    let site = Site::start(cloud()).await;
    site.jsm.cap_pages(1);
    let empty = r#"{"size":0,"start":0,"limit":0,"isLastPage":false,"values":[]}"#;
    site.jsm.answer_next(1, &Canned::json(200, empty).for_paths(TYPES));
    let directory = site.fresh_directory(no_rules()).await;
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
}

#[tokio::test]
async fn a_list_that_ends_in_empty_pages_is_ended() {
    let site = Site::start(cloud()).await;
    let first = r#"{"isLastPage":false,"values":[{"id":"1","serviceDeskId":"12","portalId":"2"}]}"#;
    let empty = r#"{"isLastPage":false,"values":[]}"#;
    for (times, body) in [(1, first), (3, empty)] {
        site.jsm.answer_next(times, &Canned::json(200, body).for_paths(TYPES));
    }
    let portals = site.fresh_directory(no_rules()).await.portals();
    assert_eq!(listed(&portals), ["HR hr", "IT it"]);
    assert_eq!(portals.all()[1].portal_id.unwrap().get(), 2);
}
