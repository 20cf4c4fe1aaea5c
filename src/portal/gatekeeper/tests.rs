use rstest::rstest;

use super::*;
use crate::config::{Deployment, JsmConfig};
use crate::domain::OrganizationId;
use crate::jsm::Client;
use crate::jsm::requests::Whose;
use crate::jsm::requests::samples::{account, portal, request};

/// Asks a JSM that nobody runs: whoever asks it gets no answer.
fn gatekeeper(organization_requests: OrganizationRequests) -> Gatekeeper {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let url: url::Url = "http://127.0.0.1:9".parse().unwrap();
    let config = JsmConfig {
        url: url.clone(),
        deployment: Some(Deployment::DataCenter),
        email: None,
        api_token: "x".to_owned().into(),
        refresh: std::time::Duration::from_mins(5),
        timeout: std::time::Duration::from_secs(1),
        concurrency: 1,
        ca_file: None,
        cloud_api_url: url,
    };
    Gatekeeper::new(Requests::new(Client::new(&config).unwrap()), organization_requests)
}

fn organization(id: &str) -> Organization {
    Organization { id: OrganizationId::parse(id).unwrap(), name: "Acme".to_owned() }
}

/// Who asks, as a member of organisation 3.
fn seen(who: &str, portal: &Portal, rule: OrganizationRequests) -> Option<bool> {
    let language = RequestLanguage::parse("en").unwrap();
    let organizations = [organization("3")];
    let account = account(who);
    let asking =
        Asking { account: &account, organizations: &organizations, portal, language: &language };
    let seen = gatekeeper(rule).prove(asking, Arc::new(request()))?;
    Some(seen.may_reply)
}

#[rstest]
#[case::none(OrganizationRequests::None, None)]
#[case::read(OrganizationRequests::Read, Some(false))]
#[case::comment(OrganizationRequests::Comment, Some(true))]
fn members_of_an_organisation_see_what_the_rule_lets_them_see(
    #[case] rule: OrganizationRequests,
    #[case] expected: Option<bool>,
) {
    assert_eq!(seen("eve", &portal("IT"), rule), expected);
}

#[rstest]
#[case::reporter("ann")]
#[case::participant("bob")]
#[case::approver("cem")]
fn whom_a_request_names_sees_it_whatever_the_rule(#[case] who: &str) {
    assert_eq!(seen(who, &portal("IT"), OrganizationRequests::None), Some(true));
}

#[test]
fn p20_a_request_of_another_desk_is_not_there() {
    let it = portal("IT");
    let elsewhere = Portal { service_desk_id: "13".to_owned(), ..it.clone() };
    assert_eq!(seen("ann", &it, OrganizationRequests::None), Some(true));
    assert_eq!(seen("ann", &elsewhere, OrganizationRequests::None), None);
    assert_eq!(seen("ann", &portal("HR"), OrganizationRequests::None), None);
}

#[tokio::test]
async fn p20_jsm_is_not_even_asked_for_a_key_of_another_portal() {
    let (portal, language) = (portal("IT"), RequestLanguage::parse("en").unwrap());
    let ann = account("ann");
    let asking = Asking { account: &ann, organizations: &[], portal: &portal, language: &language };
    let gatekeeper = gatekeeper(OrganizationRequests::None);
    let ask =
        async |key| gatekeeper.request(asking, &RequestKey::parse(key).unwrap()).await.unwrap_err();
    assert_eq!(ask("HR-1").await, Problem::NotFound);
    assert_eq!(ask("IT-1").await, Problem::UpstreamUnreachable, "this one is asked for");
}

#[test]
fn p16_a_list_is_of_ones_own_organisation() {
    let whose = |rule, id| {
        let wanted = Wanted::Organization(OrganizationId::parse(id).unwrap());
        gatekeeper(rule).whose(&account("ann"), &[organization("3")], wanted)
    };
    let acme = Some(Whose::Organization(organization("3")));
    assert_eq!(whose(OrganizationRequests::Read, "3"), acme);
    assert_eq!(whose(OrganizationRequests::Read, "4"), None);
    assert_eq!(whose(OrganizationRequests::None, "3"), None);
}
