//! Organisations and, on Data Center, groups.

use rstest::rstest;
use sandbox::jsm::{Account, JsmSettings};
use serde_json::json;

use crate::rest::{cloud, data_center, each};
use crate::support::Site;

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn an_organization_is_made_joined_and_shared(#[case] settings: JsmSettings) {
    let site = Site::start(settings).await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    let acme = json!({"name": "Acme"});
    let (status, made) = site.post("servicedeskapi/organization", acme.clone()).await;
    assert_eq!(status, 201);
    assert_eq!(made["id"], "1", "a string");
    let (status, again) = site.post("servicedeskapi/organization", acme).await;
    assert_eq!((status, &again["id"]), (201, &made["id"]), "the name is taken, so it is that one");

    let users = "servicedeskapi/organization/1/user";
    assert_eq!(site.post(users, site.ids(&[&ann, "nobody"])).await.0, 400);
    assert!(site.jsm.organizations()[0].members.is_empty(), "all or nobody");
    assert_eq!(site.post(users, site.ids(&[&ann])).await.0, 204);
    assert_eq!(each(&site.read(users).await, "displayName"), ["Ann"]);

    let of_desk = "servicedeskapi/servicedesk/12/organization";
    assert_eq!(site.post(of_desk, json!({"organizationId": "1"})).await.0, 400, "a number here");
    assert_eq!(site.post(of_desk, json!({"organizationId": 1})).await.0, 204);
    assert_eq!(each(&site.read(of_desk).await, "name"), ["Acme"]);
    assert_eq!(site.delete(users, site.ids(&[&ann])).await.0, 204);
    assert!(site.jsm.organizations()[0].members.is_empty());
}

#[tokio::test]
async fn only_cloud_filters_by_account() {
    for (site, expected) in [(cloud().await, 1), (data_center().await, 2)] {
        let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
        site.jsm.add_organization("Acme", &[&ann], &["IT"]);
        site.jsm.add_organization("Others", &[], &["IT", "HR"]);
        let call = format!("servicedeskapi/organization?accountId={ann}");
        assert_eq!(site.read(&call).await["size"], expected);
    }
}

#[tokio::test]
async fn organizations_may_be_for_administrators() {
    let site = cloud().await;
    site.jsm.keep_organizations_to_administrators(true);
    site.jsm.revoke_permission("ADMINISTER");
    let made = site.post("servicedeskapi/organization", json!({"name": "Acme"})).await;
    assert_eq!(made.0, 403);
    assert_eq!(site.get("servicedeskapi/organization/7/user").await.0, 404);
}

#[tokio::test]
async fn data_centers_groups_take_users_and_give_roles() {
    let site = data_center().await;
    let ann = site.jsm.add_account(Account::customer("Ann", "ann@example.com"));
    site.jsm.add_group("portal-customers", &[]);
    site.jsm.add_group("jira-agents", &["jira-servicedesk"]);
    let roles = site.read("api/2/applicationrole").await;
    assert_eq!(roles[0]["groups"], json!(["jira-agents"]));
    let found = site.read("api/2/groups/picker?query=portal").await;
    assert_eq!(found["groups"][0]["name"], "portal-customers");

    let call = "api/2/group/user?groupname=portal-customers";
    assert_eq!(site.post(call, json!({"name": ann})).await.0, 201);
    let (status, refusal) = site.post(call, json!({"name": ann})).await;
    assert_eq!(status, 400);
    assert!(refusal["errorMessages"][0].as_str().unwrap().contains("already a member"));
    assert_eq!(site.post("api/2/group/user?groupname=none", json!({"name": ann})).await.0, 404);
    assert_eq!(site.jsm.groups()[0].members, [ann.as_str()]);
    let removed = site.delete(&format!("{call}&username={ann}"), json!({})).await;
    assert_eq!(removed.0, 200);
    assert_eq!(cloud().await.get("api/3/groups/picker").await.0, 404);
}
