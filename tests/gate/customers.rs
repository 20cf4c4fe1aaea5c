//! Who a person is in JSM, as an admin of a running gate sees and changes it.

use std::sync::Arc;

use jsm_gate::customers::Customer;
use jsm_gate::domain::{Email, Identity, LinkName, Portal, Proof, ProviderId, Told};
use jsm_gate::problem::Problem;
use jsm_gate::session::{Login, ProviderData};
use rstest::rstest;
use sandbox::jsm::{Account, JsmSettings};
use serde_json::Value;

use crate::control::{file, run, text};
use crate::site::{Site, site};

const HOSTED: &str = "[[portal]]\nproject = \"IT\"\nmode = \"hosted\"\nopen_desk = true";

/// Somebody with an address at a provider.
fn person(provider: &str, subject: &str, email: &str) -> Identity {
    Identity {
        provider: ProviderId::parse(provider).unwrap(),
        subject: subject.into(),
        email: Email::parse(email).ok().into(),
        name: Some("Ann".into()),
        first_name: None,
        last_name: None,
        groups: Told::Absent,
        attributes: <_>::default(),
        proof: Proof::default(),
    }
}

fn ann() -> Identity {
    person("idp", "ann", "ann@example.com")
}

fn portal(site: &Site) -> Arc<Portal> {
    let portals = site.gate.assembly().directory().portals();
    Arc::clone(portals.by_link(&LinkName::parse("it").unwrap()).unwrap())
}

async fn enter(site: &Site, identity: &Identity) -> Result<Arc<Customer>, Problem> {
    site.gate.assembly().customers().at(identity, &portal(site)).await
}

async fn customers(site: &Site, arguments: &[&str]) -> (Option<i32>, String) {
    let ended = run(&file(site), &[&["customers"], arguments].concat()).await;
    let said = format!("{}{}", text(&ended.stdout), text(&ended.stderr));
    (ended.status.code(), said)
}

async fn listed(site: &Site) -> Vec<Value> {
    let (status, said) = customers(site, &["list", "--json"]).await;
    assert_eq!(status, Some(0), "{said}");
    serde_json::from_str(&said).unwrap()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_lists_binds_and_unbinds(#[case] jsm: JsmSettings) {
    let site = site().in_front_of(jsm).with(HOSTED).start().await;
    let first = enter(&site, &ann()).await.unwrap();
    let other = site.jsm.add_account(Account::customer("Ann", "ann.old@example.com"));
    let (_, table) = customers(&site, &["list"]).await;
    for word in ["ann@example.com", "idp", first.account.as_str()] {
        assert!(table.contains(word), "{table}");
    }
    let (status, said) = customers(&site, &["bind", "Ann@example.com", &other]).await;
    assert_eq!((status, said.contains("next login")), (Some(0), true), "{said}");
    let (_, table) = customers(&site, &["list", "ann@example.com"]).await;
    assert!(table.contains("waits for a login"), "{table}");
    assert_eq!(enter(&site, &ann()).await.unwrap().account.as_str(), other);
    assert_eq!(listed(&site).await.len(), 1);

    let (_, said) = customers(&site, &["unbind", "ann@example.com"]).await;
    assert_eq!(said, "1 unbound, 0 logged out\n");
    assert_eq!(enter(&site, &ann()).await.unwrap(), first, "found by address again");
    let (status, said) = customers(&site, &["unbind", "nobody@example.com"]).await;
    assert_eq!((status, said.contains("nobody of that name")), (Some(1), true), "{said}");
}

#[rstest]
#[case::no_account(&["bind", "ann@example.com", "gone"], "no account gone")]
#[case::no_address(&["bind", "ann", "gone"], "not an email address")]
#[case::no_provider(&["move", "--from", "idp", "--to", "entra"], "no provider \"entra\"")]
#[case::one_provider(&["move", "--from", "idp", "--to", "idp"], "are one")]
#[case::nobody(&["forget", "eve@example.com"], "nobody of that name")]
#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_hand_changes_nothing(#[case] command: &[&str], #[case] says: &str) {
    let site = site().with(HOSTED).start().await;
    enter(&site, &ann()).await.unwrap();
    let before = listed(&site).await;
    let (status, said) = customers(&site, command).await;
    assert_eq!((status, said.contains(says)), (Some(1), true), "{said}");
    assert_eq!(listed(&site).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn bindings_outlive_a_reload_and_are_forgotten_with_the_sessions_of_their_person() {
    let site = site().with(HOSTED).start().await;
    site.logged_in("ann").await;
    let subject = {
        let sessions = site.gate.assembly().sessions().list(None).await.unwrap();
        sessions[0].identity.subject.to_string()
    };
    let ann = person("idp", &subject, "ann@example.com");
    let account = enter(&site, &ann).await.unwrap().account.to_string();
    let config = jsm_gate::config::load(&file(&site)).unwrap().config;
    site.gate.assembly().reload(config).await.unwrap();
    assert_eq!(enter(&site, &ann).await.unwrap().account.as_str(), account);

    let (_, said) = customers(&site, &["forget", "ann@example.com"]).await;
    assert_eq!(said, "1 unbound, 1 logged out\n");
    assert!(listed(&site).await.is_empty());
    assert!(site.gate.assembly().sessions().list(None).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_move_to_another_provider_and_keep_their_accounts() {
    let site = site().with(HOSTED).start().await;
    let by_old = person("old", "ann", "ann@example.com");
    let account = enter(&site, &by_old).await.unwrap().account.clone();
    let sessions = site.gate.assembly().sessions();
    let login = Login { identity: by_old, sid: None, provider_data: ProviderData::default() };
    sessions.begin(login).await.unwrap();
    let by_new = person("idp", "00u1", "ann@example.com");
    assert!(enter(&site, &by_new).await.is_err(), "the account is bound to another login");
    let (status, said) = customers(&site, &["move", "--from", "old", "--to", "idp"]).await;
    assert_eq!((status, said.starts_with("1 wait")), (Some(0), true), "{said}");
    assert_eq!(sessions.list(None).await.unwrap().len(), 1);
    assert_eq!(enter(&site, &by_new).await.unwrap().account, account);
    assert!(sessions.list(None).await.unwrap().is_empty(), "the old login opens nothing any more");
    let all = listed(&site).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["who"]["provider"], "idp");
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn check_says_what_the_token_may_do_for_hosted_portals(#[case] jsm: JsmSettings) {
    let site = site().in_front_of(jsm).with(HOSTED).start().await;
    let said = text(&run(&file(&site), &["check"]).await.stdout);
    for line in [
        "ok       hosted accounts: the token finds accounts",
        "ok       hosted new customers: the first login makes an account",
        "ok       hosted IT: the token reads and raises requests",
        "ok       hosted IT: the token adds customers to the desk",
        "ok       hosted IT: open_desk = true",
    ] {
        assert!(said.contains(line), "no {line:?} in {said}");
    }
    assert!(!said.contains("hosted HR"), "a portal that is forwarded: {said}");
    for right in ["ADMINISTER", "USER_PICKER", "ADMINISTER_PROJECTS", "SERVICEDESK_AGENT"] {
        site.jsm.revoke_permission(right);
    }
    let said = text(&run(&file(&site), &["check"]).await.stdout);
    for line in [
        "FAILURE  hosted accounts:",
        "warning  hosted new customers:",
        "FAILURE  hosted IT: the service account is no agent",
        "warning  hosted IT: the token may not add customers",
    ] {
        assert!(said.contains(line), "no {line:?} in {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn check_says_nothing_of_hosted_portals_where_there_are_none() {
    let site = site().start().await;
    let said = text(&run(&file(&site), &["check"]).await.stdout);
    assert!(!said.contains("hosted"), "{said}");
}
