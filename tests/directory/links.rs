//! The links of portals: whose they are, and for how long.

use super::*;

#[tokio::test]
async fn stay_when_a_project_is_renamed_and_rekeyed() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    site.jsm.rename_desk("IT", "Digital Workplace");
    site.jsm.rekey_desk("IT", "DW");
    let refreshed = directory.refresh().await.unwrap();
    assert_eq!(refreshed, Refreshed { listed: 2, ..Refreshed::default() });
    assert_eq!(listed(&directory.portals()), ["DW it", "HR hr"]);
    assert_eq!(directory.portals().by_link(&link("it")).unwrap().name, "Digital Workplace");

    let reopened = site.directory(no_rules());
    assert_eq!(listed(&reopened.portals()), ["DW it", "HR hr"]);
}

#[tokio::test]
async fn a_new_project_with_a_freed_key_gets_another_one() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    site.jsm.rekey_desk("IT", "DW");
    site.jsm.add_desk(Desk::new(7, "IT", "Italy"));
    directory.refresh().await.unwrap();
    assert_eq!(listed(&directory.portals()), ["DW it", "HR hr", "IT it-2"]);
}

#[tokio::test]
async fn a_vanished_portal_is_gone_and_comes_back_as_it_was() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    let hr = site.jsm.remove_desk("HR").unwrap();
    assert_eq!(directory.refresh().await.unwrap().gone, ["HR"]);
    assert_eq!(listed(&directory.portals()), ["IT it", "[HR hr]"]);
    assert!(directory.portals().by_link(&link("hr")).unwrap().gone);
    assert_eq!(listed(&site.directory(no_rules()).portals()), ["IT it", "[HR hr]"]);
    assert!(directory.refresh().await.unwrap().gone.is_empty(), "said once");

    site.jsm.add_desk(hr);
    assert_eq!(directory.refresh().await.unwrap().back, ["HR"]);
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
}

#[tokio::test]
async fn the_configuration_chooses_them_and_a_reload_changes_them_without_a_call() {
    let site = Site::start(cloud()).await;
    let help = PortalRule { link: Some(link("helpdesk")), ..rule("IT") };
    let directory = site.fresh_directory(rules([help])).await;
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT helpdesk"]);
    site.jsm.clear_seen();
    directory.apply(no_rules());
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    assert!(site.jsm.seen().is_empty());
}

fn named(project: &str, name: &str) -> PortalRule {
    PortalRule { link: Some(link(name)), ..rule(project) }
}

#[tokio::test]
async fn of_a_portal_do_not_go_to_another_by_a_line_about_that_other() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    directory.apply(rules([named("HR", "it")]));
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    let problem = &directory.rule_problems()[0];
    assert_eq!(problem.level, Level::Failure, "{problem:?}");
    assert!(problem.text.contains("\"it\", which IT has"), "{problem:?}");
    assert!(problem.remedy.as_ref().unwrap().contains("project = \"IT\""), "{problem:?}");
}

#[tokio::test]
async fn of_a_portal_that_is_gone_are_kept_for_it_too() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    let _ = site.jsm.remove_desk("IT").unwrap();
    directory.refresh().await.unwrap();
    directory.apply(rules([named("HR", "it")]));
    assert_eq!(listed(&directory.portals()), ["HR hr", "[IT it]"]);
    assert_eq!(directory.rule_problems()[0].level, Level::Failure);
}

#[tokio::test]
async fn are_freed_by_giving_their_portal_another() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    directory.apply(rules([named("HR", "it"), named("IT", "help")]));
    assert_eq!(listed(&directory.portals()), ["HR it", "IT help"]);
    assert_eq!(directory.rule_problems(), []);
}

#[tokio::test]
async fn that_look_like_another_projects_are_told_but_stay_where_they_are() {
    let site = Site::start(cloud()).await;
    let first = site.fresh_directory(rules([named("HR", "it")])).await;
    let again = site.directory(rules([named("HR", "it")]));
    for directory in [first, again] {
        assert_eq!(listed(&directory.portals()), ["HR it", "IT it-2"]);
        let problem = &directory.rule_problems()[0];
        assert_eq!(problem.level, Level::Warning, "{problem:?}");
        assert!(problem.text.contains("so IT has \"it-2\""), "{problem:?}");
    }
}
