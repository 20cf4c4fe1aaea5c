//! What `check` says of JSM and its portals.

use super::*;

async fn findings(site: &Site, rules: PortalRules) -> Vec<(Level, String)> {
    let found = check(&site.client(), &site.directory(rules)).await;
    found.into_iter().map(|it| (it.level, format!("{}: {}", it.subject, it.text))).collect()
}

#[tokio::test]
async fn a_healthy_site_has_nothing_but_good_news() {
    let site = Site::start(cloud()).await;
    let found = findings(&site, no_rules()).await;
    let (side_door, rest) = found.split_last().unwrap();
    assert!(rest.iter().all(|(level, _)| *level == Level::Ok), "{found:?}");
    assert!(side_door.0 == Level::Warning && side_door.1.contains("around the gate"));
    let text: Vec<_> = found.iter().map(|(_, text)| text.as_str()).collect();
    assert!(text[0].contains("Jira Cloud"));
    assert!(text[1].contains("Portal Gate (gate@example.com); a token without scopes"));
    assert!(text[2].contains("is Jira administrator"));
    assert!(text[3].contains("sees 2 service desks"));
    assert_eq!(text[4], "portal HR: \"People\" at /p/hr, access default");
    assert_eq!(text[5], "portal IT: \"IT Help\" at /p/it, access default");
}

#[tokio::test]
async fn what_will_not_work_is_said_with_its_remedy() {
    let site = Site::start(cloud()).await;
    site.jsm.make_administrator(false);
    site.jsm.scope_token(true);
    site.jsm.add_desk(Desk::new(9, "LAB", "Lab").without_known_portal_id());
    let directory = site.directory(rules([rule("TI")]));
    let found = check(&site.client(), &directory).await;
    let warning = |subject: &str| {
        let found = found.iter().find(|it| it.subject == subject).unwrap();
        assert_eq!(found.level, Level::Warning, "{found:?}");
        format!("{} > {}", found.text, found.remedy.as_deref().unwrap())
    };
    assert!(found[1].text.contains("a scoped token"));
    assert!(warning("jsm rights").contains("cannot create customers"));
    assert!(warning("portal LAB").contains("portal_id = the number"));
    assert!(warning("portal rules").contains("fits no portal"));
}

#[tokio::test]
async fn a_token_that_is_refused_is_one_failure() {
    let site = Site::start(data_center()).await;
    site.jsm.refuse_token(true);
    let found = findings(&site, no_rules()).await;
    let failures: Vec<_> = found.iter().filter(|(level, _)| *level == Level::Failure).collect();
    assert_eq!(failures.len(), 1, "{found:?}");
    assert!(failures[0].1.starts_with("jsm token: "), "{found:?}");
}

#[tokio::test]
async fn a_link_that_another_portal_has_is_a_failure() {
    let site = Site::start(cloud()).await;
    site.fresh_directory(no_rules()).await;
    let found = findings(&site, rules([PortalRule { link: Some(link("it")), ..rule("HR") }])).await;
    let failure = found.iter().find(|(level, _)| *level == Level::Failure).unwrap();
    assert!(failure.1.contains("gives HR the link \"it\", which IT has"), "{failure:?}");
}

#[tokio::test]
async fn a_portal_that_is_gone_is_a_warning() {
    let site = Site::start(cloud()).await;
    site.fresh_directory(no_rules()).await;
    let _ = site.jsm.remove_desk("HR").unwrap();
    let found = findings(&site, no_rules()).await;
    let hr = found.iter().find(|(_, text)| text.starts_with("portal HR")).unwrap();
    assert_eq!(hr.0, Level::Warning, "{hr:?}");
}

#[tokio::test]
async fn a_jsm_that_is_down_is_one_failure() {
    let site = Site::start(cloud()).await;
    site.jsm.go_down().await;
    let found = findings(&site, no_rules()).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, Level::Failure);
}

#[tokio::test]
async fn a_wrong_deployment_is_a_failure_that_names_the_right_one() {
    let site = Site::start(data_center()).await;
    let client = Client::new(&site.known_as(Deployment::Cloud)).unwrap();
    let found = check(&client, &site.directory(no_rules())).await;
    assert_eq!(found[0].level, Level::Failure);
    assert!(found[0].remedy.as_deref().unwrap().contains("\"data-center\""));
}

#[tokio::test]
async fn a_token_that_sees_nothing_is_a_warning() {
    let site = Site::start(JsmSettings::cloud().with_desks([])).await;
    let found = findings(&site, no_rules()).await;
    assert!(found.iter().any(|(level, text)| {
        *level == Level::Warning && text.contains("sees no service desk")
    }));
}
