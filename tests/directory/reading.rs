//! Which portals JSM tells of, and when a reading counts.

use super::*;

#[tokio::test]
async fn sixty_portals_are_listed_once_each_over_small_pages_and_a_rate_limit() {
    let desks = (1..=60).map(|n| Desk::new(n, &format!("P{n}"), &format!("Project {n}")));
    let site = Site::start(JsmSettings::cloud().with_desks(desks)).await;
    site.jsm.cap_pages(25);
    site.jsm.limit_rate(2, "1");
    let directory = site.fresh_directory(no_rules()).await;
    let portals = directory.portals();
    let keys: HashSet<_> = portals.all().iter().map(|it| it.project_key.as_str()).collect();
    assert_eq!((portals.all().len(), keys.len()), (60, 60));
    assert!((1..=60).all(|n| keys.contains(format!("P{n}").as_str())));
    for portal in portals.all() {
        let id = portal.portal_id.unwrap().get();
        assert_eq!(portal.service_desk_id, (10 + id).to_string());
        assert_eq!(portal.project_key, format!("P{id}"));
    }
}

#[rstest]
#[case::cloud(cloud())]
#[case::data_center(data_center())]
#[case::data_center_below_a_context_path(data_center().with_context_path("/jira"))]
#[tokio::test]
async fn every_deployment_tells_its_portals(#[case] settings: JsmSettings) {
    let site = Site::start(settings).await;
    let portals = site.fresh_directory(no_rules()).await.portals();
    assert_eq!(listed(&portals), ["HR hr", "IT it"]);
    let it = portals.by_link(&link("it")).unwrap();
    let expected = (it.portal_id.unwrap().get(), it.service_desk_id.as_str(), it.name.as_str());
    assert_eq!(expected, (2, "12", "IT Help"));
    assert_eq!(portals.by_id(PortalId::parse("3").unwrap()).unwrap().project_key, "HR");
}

#[rstest]
#[case::cloud(Some(Deployment::Cloud), Access::Default, Mode::Hosted)]
#[case::cloud_in_private(Some(Deployment::Cloud), Access::Private, Mode::Hosted)]
#[case::cloud_for_strangers(Some(Deployment::Cloud), Access::Public, Mode::Forward)]
#[case::data_center(Some(Deployment::DataCenter), Access::Default, Mode::Forward)]
#[case::not_told(None, Access::Default, Mode::Forward)]
#[tokio::test]
async fn portals_of_which_nothing_is_said_are_served_as_suits_the_product(
    #[case] told: Option<Deployment>,
    #[case] access: Access,
    #[case] mode: Mode,
) {
    let site = Site::start(cloud()).await;
    let defaults = PortalDefaults {
        mode: DefaultMode::OfProduct(told),
        service_provider: None,
        rules: Arc::new(access.into()),
    };
    let said = PortalRule { mode: Mode::Forward, ..rule("HR") };
    let directory = site.fresh_directory(PortalRules { defaults, rules: vec![said] }).await;
    let portals = directory.portals();
    assert_eq!(portals.by_link(&link("it")).unwrap().mode, mode);
    assert_eq!(portals.by_link(&link("hr")).unwrap().mode, Mode::Forward);
}

#[rstest]
#[case::cloud(cloud())]
#[case::data_center(data_center())]
#[tokio::test]
async fn a_desk_without_portal_id_is_listed_and_can_be_given_one(#[case] settings: JsmSettings) {
    let site = Site::start(settings).await;
    site.jsm.add_desk(Desk::new(9, "LAB", "Lab").without_known_portal_id());
    let directory = site.fresh_directory(no_rules()).await;
    assert_eq!(directory.portals().by_link(&link("lab")).unwrap().portal_id, None);

    let nine = PortalId::parse("9").unwrap();
    directory.apply(rules([PortalRule { portal_id: Some(nine), ..rule("LAB") }]));
    assert_eq!(directory.portals().by_id(nine).unwrap().project_key, "LAB");
}

#[tokio::test]
async fn a_configured_portal_id_never_takes_another_portals() {
    let site = Site::start(cloud()).await;
    site.jsm.add_desk(Desk::new(9, "LAB", "Lab").without_known_portal_id());
    let two = PortalId::parse("2").unwrap();
    let directory =
        site.fresh_directory(rules([PortalRule { portal_id: Some(two), ..rule("LAB") }])).await;
    assert_eq!(directory.portals().by_id(two).unwrap().project_key, "IT");
    let problem = &directory.rule_problems()[0];
    assert!(problem.text.contains("belongs to another portal"), "{problem:?}");
    assert_eq!(problem.level, Level::Failure);
}

#[tokio::test]
async fn a_list_that_never_ends_is_an_error_and_changes_nothing() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    site.jsm.stall_pages(true);
    assert!(matches!(directory.refresh().await, Err(Error::NotUnderstood { .. })));
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
}

#[tokio::test]
async fn a_desk_that_only_slipped_between_two_pages_is_not_gone() {
    let site = Site::start(cloud()).await;
    let directory = site.fresh_directory(no_rules()).await;
    let only_hr = r#"{"isLastPage":true,"values":[
        {"id":"13","projectId":"10003","projectName":"People","projectKey":"HR"}]}"#;
    let list = "/rest/servicedeskapi/servicedesk";
    site.jsm.answer_next(1, &Canned::json(200, only_hr).for_paths(list));
    assert_eq!(directory.refresh().await.unwrap().gone, Vec::<String>::new());
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
}

#[tokio::test]
async fn a_reading_that_breaks_off_half_way_marks_nothing_gone() {
    let site = Site::start(cloud()).await;
    site.jsm.cap_pages(1);
    let directory = site.fresh_directory(no_rules()).await;
    site.jsm
        .answer_next(1, &Canned::text(500, "boom").for_paths("/rest/servicedeskapi/requesttype"));
    let _ = site.jsm.remove_desk("HR").unwrap();
    directory.refresh().await.unwrap_err();
    assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
}
