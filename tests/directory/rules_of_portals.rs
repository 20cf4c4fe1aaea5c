//! Which portal a rule of the configuration is about.

use super::*;

fn private(project: &str) -> PortalRule {
    PortalRule { rules: Arc::new(Access::Private.into()), mode: Mode::Hosted, ..rule(project) }
}

#[rstest]
#[case::by_key("IT")]
#[case::by_key_in_lower_case("it")]
#[case::by_project_id("10002")]
#[tokio::test]
async fn a_rule_names_its_project(#[case] project: &str) {
    let site = Site::start(cloud()).await;
    let portals = site.fresh_directory(rules([private(project)])).await.portals();
    let it = portals.by_link(&link("it")).unwrap();
    assert_eq!((it.rules.access, it.mode), (Access::Private, Mode::Hosted));
    let hr = portals.by_link(&link("hr")).unwrap();
    assert_eq!((hr.rules.access, hr.mode), (Access::Default, Mode::Forward));
}

#[tokio::test]
async fn a_private_portal_stays_private_when_its_key_changes() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(rules([private("IT")])).await;
    site.jsm.rekey_desk("IT", "DW");
    site.jsm.add_desk(Desk::new(7, "IT", "Italy"));
    directory.refresh().await.unwrap();
    let access = |name| directory.portals().by_link(&link(name)).unwrap().rules.access;
    assert_eq!((access("it"), access("it-2")), (Access::Private, Access::Private));
    assert!(directory.rule_problems().is_empty());
}

#[tokio::test]
async fn a_rule_that_fits_nothing_is_reported() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(rules([rule("IT"), rule("TI")])).await;
    let problems = directory.rule_problems();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].text.contains("\"TI\" fits no portal"));
}
