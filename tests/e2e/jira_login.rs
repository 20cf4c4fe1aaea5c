//! Jira Data Center as it comes, in headless Chromium: no header is trusted and no app installed. Jira's own login
//! comes to the gate, by pages whose scripts no other test runs.

use sandbox::jsm::{IdentityProvider, Jsm, JsmSettings};
use sandbox::provider::{Provider, ProviderSettings};
use serde::Deserialize;

use crate::gate::{Gate, Neighbours, free_address};
use crate::node::{CLIENT_SECRET, in_browser};
use crate::visitor::Visitor;
use crate::world::gate_in_front_of;

const ANN: &str = "Ann Example";

const FORWARD: &str = r#"
        jira_login = "saml"

        [[service_provider]]
        id = "jira"
        preset = "jira-data-center""#;

/// A gate that logs customers in to Jira.
async fn gate_and_jira(issuer: &str) -> (Jsm, Gate) {
    let jsm = Jsm::start(JsmSettings::data_center().with_saml_login()).await.unwrap();
    let special = Neighbours { forward: Some(FORWARD), ..Neighbours::default() };
    let mut gate = gate_in_front_of(&jsm, free_address(), issuer, &special).await;
    gate.until_provider_answers().await;
    let page = |page: &str| gate.at(&format!("/_gate/saml/jira/{page}"));
    let certificate = Visitor::new(&gate.certificate).open(&page("certificate.pem")).await.body;
    let ours = IdentityProvider::for_customers(&page("metadata"), &page("sso"), &certificate);
    jsm.add_identity_provider(ours).unwrap();
    jsm.show_login_form_for_customers(false);
    (jsm, gate)
}

/// The same way as with a Jira that trusts headers: the fragment of the address survives both logins.
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_gets_through_two_logins_with_one_question_and_logs_out_of_both() {
    #[derive(Deserialize)]
    struct Seen {
        asked_to_log_in_at: String,
        landed_on: String,
        request_at: String,
        request: String,
        asked_again_at: String,
        complaints: Vec<String>,
    }
    let client_secret = Some(CLIENT_SECRET.to_owned());
    let settings = ProviderSettings { client_secret, ..ProviderSettings::default() };
    let provider = Provider::start(settings).await.unwrap();
    let (jsm, gate) = gate_and_jira(provider.issuer()).await;
    let page = "/create/66?summary=a%20b&next=%2Fc#description";
    let link = gate.at(&format!("/p/it{page}"));

    let options =
        [format!("--gate={}", gate.at("")), format!("--link={link}"), format!("--name={ANN}")];
    let seen: Seen = in_browser("journey.mjs", &options);

    assert!(seen.asked_to_log_in_at.starts_with(provider.issuer()));
    assert_eq!(seen.landed_on, gate.at(&format!("/servicedesk/customer/portal/2{page}")));
    assert_eq!(seen.request_at, gate.at("/servicedesk/customer/portal/2/IT-1"));
    assert!(seen.request.contains("ann@example.com"), "not raised by Ann: {}", seen.request);
    assert!(seen.asked_again_at.starts_with(provider.issuer()), "still logged in somewhere");
    assert_eq!(seen.complaints, Vec::<String>::new());
    assert_eq!(jsm.login_log(), Vec::<String>::new());
    assert_eq!(provider.count("/token"), 1, "asked once");
    let seen = jsm.seen();
    let trusted = seen.iter().filter(|seen| seen.headers.contains_key("x-forwarded-user"));
    assert_eq!(trusted.count(), 0);
}
