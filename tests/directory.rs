//! The list of portals, as the gate reads it from a JSM over HTTP and keeps it.

#![cfg(test)]

#[path = "support/authority.rs"]
mod authority;
#[path = "directory/changing.rs"]
mod changing;
#[path = "support/jsm.rs"]
mod support;
#[path = "directory/unwell.rs"]
mod unwell;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsm_gate::config::{DefaultMode, Deployment, JsmConfig, PortalDefaults, PortalRule};
use jsm_gate::domain::{Access, Clock, Level, Mode, PortalId};
use jsm_gate::jsm::{Client, Directory, Error, PortalRules, Refreshed, TokenKind, check};
use rstest::rstest;
use sandbox::jsm::{Canned, Desk, JsmSettings, SeenRequest};

use support::{Site, link, listed, no_rules, rule, rules};

fn it_and_hr() -> [Desk; 2] {
    [Desk::new(2, "IT", "IT Help"), Desk::new(3, "HR", "People")]
}

fn cloud() -> JsmSettings {
    JsmSettings::cloud().with_desks(it_and_hr())
}

fn data_center() -> JsmSettings {
    JsmSettings::data_center().with_desks(it_and_hr())
}

mod reading {
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
    async fn a_desk_without_portal_id_is_listed_and_can_be_given_one(
        #[case] settings: JsmSettings,
    ) {
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
        site.jsm.answer_next(
            1,
            &Canned::text(500, "boom").for_paths("/rest/servicedeskapi/requesttype"),
        );
        let _ = site.jsm.remove_desk("HR").unwrap();
        directory.refresh().await.unwrap_err();
        assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    }
}

mod links {
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
}

mod rules_of_portals {
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
}

mod stored {
    use super::*;

    #[tokio::test]
    async fn the_last_good_directory_serves_while_jsm_is_down_at_start() {
        let site = Site::start(cloud()).await;
        site.fresh_directory(no_rules()).await;
        site.jsm.go_down().await;
        let directory = site.directory(no_rules());
        assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
        assert!(directory.last_refreshed().is_some());
        assert!(matches!(directory.refresh().await, Err(Error::Unreachable { .. })));
        assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    }

    #[tokio::test]
    async fn it_is_fresh_by_itself_once_jsm_is_well_again() {
        let site = Site::start(cloud()).await;
        site.jsm.answer_next(3, &Canned::text(500, "not yet"));
        let directory = Arc::new(site.directory(no_rules()));
        let keeping = tokio::spawn({
            let directory = Arc::clone(&directory);
            async move { directory.keep_fresh(Duration::from_millis(20)).await }
        });
        let fresh = async {
            while directory.portals().all().is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), fresh).await.unwrap();
        let asked = |it: &SeenRequest| it.path() == "/rest/api/2/serverInfo";
        assert_eq!(site.jsm.seen().iter().filter(|it| asked(it)).count(), 4);
        keeping.abort();
    }

    #[rstest]
    #[case::damaged("{\"format\":1,\"jsm\"")]
    #[case::empty("")]
    #[case::binary("\0\u{1}")]
    #[case::of_a_later_format("{\"format\":99,\"portals\":{}}")]
    #[case::of_another_jsm("{\"format\":1,\"jsm\":\"https://other\",\"read_at\":0,\"desks\":[]}")]
    #[case::with_an_impossible_link(
        r#"{"format":1,"jsm":"JSM","read_at":0,"desks":[{"project_id":"1","service_desk_id":"1",
           "project_key":"X","name":"X","first_key":"X","link":"../X","portal_id":0,"gone":false}]}"#
    )]
    #[tokio::test]
    async fn a_useless_file_is_moved_aside_and_made_anew(#[case] content: &str) {
        let site = Site::start(cloud()).await;
        let file = site.state_dir.path().join("directory.json");
        let content = content.replace("JSM", &site.jsm.url());
        std::fs::write(&file, &content).unwrap();
        let directory = site.directory(no_rules());
        assert!(directory.portals().all().is_empty());
        assert_eq!(directory.last_refreshed(), None);
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content, "touched before it is needed");
        directory.refresh().await.unwrap();
        assert_eq!(listed(&site.directory(no_rules()).portals()), ["HR hr", "IT it"]);
        let aside = site.state_dir.path().join("directory.json.aside-1");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), content);
    }

    #[tokio::test]
    async fn the_links_of_another_jsm_are_kept_when_a_reload_names_a_new_one() {
        let old = Site::start(cloud()).await;
        let new = Site::start(cloud().with_desks([Desk::new(2, "LEGAL", "Legal")])).await;
        let directory = old.fresh_directory(no_rules()).await;
        directory.use_client(new.client());
        directory.refresh().await.unwrap();
        let aside = old.state_dir.path().join("directory.json.aside-1");
        assert!(std::fs::read_to_string(aside).unwrap().contains("IT Help"));
    }

    #[tokio::test]
    async fn a_command_that_only_looks_writes_nothing() {
        let site = Site::start(cloud()).await;
        let looking = || {
            let state_dir = site.state_dir.path();
            Directory::open_to_look(state_dir, site.client(), no_rules(), Clock::system())
        };
        looking().refresh().await.unwrap();
        assert_eq!(std::fs::read_dir(site.state_dir.path()).unwrap().count(), 0);
        let file = site.state_dir.path().join("directory.json");
        std::fs::write(&file, "of a later gate").unwrap();
        looking().refresh().await.unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "of a later gate");
        assert_eq!(std::fs::read_dir(site.state_dir.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn the_file_is_for_the_gates_user_only_and_leaves_nothing_beside_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let site = Site::start(cloud()).await;
        site.fresh_directory(no_rules()).await;
        let entries: Vec<_> = std::fs::read_dir(site.state_dir.path()).unwrap().flatten().collect();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].file_name(), "directory.json");
        assert_eq!(entries[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[tokio::test]
    async fn a_state_dir_that_cannot_be_written_costs_only_the_file() {
        let site = Site::start(cloud()).await;
        std::fs::remove_dir(site.state_dir.path()).unwrap();
        let directory = site.fresh_directory(no_rules()).await;
        assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    }
}

mod reloading {
    use super::*;

    #[tokio::test]
    async fn another_token_is_used_from_the_next_refresh_on() {
        let site = Site::start(cloud()).await;
        let config = JsmConfig { api_token: "expired".to_owned().into(), ..site.config() };
        let state_dir = site.state_dir.path();
        let expired = Client::new(&config).unwrap();
        let directory = Directory::open(state_dir, expired, no_rules(), Clock::system());
        assert_eq!(directory.refresh().await.unwrap_err().status().unwrap(), 401);
        directory.use_client(site.client());
        directory.refresh().await.unwrap();
        assert_eq!(listed(&directory.portals()), ["HR hr", "IT it"]);
    }

    #[tokio::test]
    async fn another_jsm_has_none_of_the_old_ones_portals() {
        let old = Site::start(cloud()).await;
        let new = Site::start(cloud().with_desks([Desk::new(2, "LEGAL", "Legal")])).await;
        let directory = Arc::new(old.fresh_directory(no_rules()).await);
        directory.use_client(new.client());
        assert!(directory.portals().all().is_empty(), "no old portal in front of the new JSM");
        assert_eq!(directory.last_refreshed(), None);
        directory.refresh().await.unwrap();
        assert_eq!(listed(&directory.portals()), ["LEGAL legal"]);
    }
}

mod calling {
    use super::*;

    #[tokio::test]
    async fn a_scoped_token_is_found_out_and_remembered() {
        let site = Site::start(cloud()).await;
        site.jsm.scope_token(true);
        let client = site.client();
        assert_eq!(client.service_desks().await.unwrap().entries.len(), 2);
        assert_eq!(client.token_kind(), Some(TokenKind::Scoped));
        site.jsm.clear_seen();
        client.myself().await.unwrap();
        let seen = site.jsm.seen();
        assert_eq!(seen.len(), 1, "no second try on the site");
        assert!(seen[0].path().starts_with("/ex/jira/"));
    }

    #[tokio::test]
    async fn a_plain_token_is_found_out_and_a_wrong_one_is_refused_in_jsms_words() {
        let site = Site::start(cloud()).await;
        let client = site.client();
        client.myself().await.unwrap();
        assert_eq!(client.token_kind(), Some(TokenKind::Plain));

        site.jsm.refuse_token(true);
        let error = site.client().myself().await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("GET /rest/api/3/myself: JSM answered 401"), "{text}");
        assert!(text.contains("You are not authenticated"), "{text}");
        assert!(error.remedy().contains("make a new token"));
    }

    #[tokio::test]
    async fn the_token_goes_only_where_it_is_needed() {
        let site = Site::start(cloud()).await;
        site.jsm.scope_token(true);
        site.fresh_directory(no_rules()).await;
        for seen in site.jsm.seen() {
            let public = ["/rest/api/2/serverInfo", "/_edge/tenant_info"].contains(&seen.path());
            assert_eq!(seen.header("authorization").is_empty(), public, "{}", seen.target);
        }
    }

    #[rstest]
    #[case::cloud(cloud(), "Basic ")]
    #[case::data_center(data_center(), "Bearer ")]
    #[tokio::test]
    async fn every_call_says_who_calls_and_never_a_browser(
        #[case] settings: JsmSettings,
        #[case] scheme: &str,
    ) {
        let site = Site::start(settings).await;
        let directory = site.directory(no_rules());
        check(&site.client(), &directory).await;
        let seen = site.jsm.seen();
        assert!(seen.len() >= 6);
        for request in &seen {
            let version = env!("CARGO_PKG_VERSION");
            assert_eq!(request.header("user-agent"), format!("jsm-gate/{version}"));
            assert_eq!(request.header("x-experimentalapi"), "opt-in");
        }
        assert!(seen.iter().any(|it| it.header("authorization").starts_with(scheme)));
    }

    #[tokio::test]
    async fn d17_a_redirect_is_not_followed() {
        let (site, elsewhere) = (Site::start(cloud()).await, Site::start(cloud()).await);
        let target = format!("{}/secret?token=1", elsewhere.jsm.url());
        site.jsm.answer_next(1, &Canned::text(302, "").header("location", &target));
        let error = site.client().server_info().await.unwrap_err();
        assert!(matches!(error, Error::Redirected { .. }));
        assert!(!error.to_string().contains("token=1"));
        assert!(elsewhere.jsm.seen().is_empty());
    }

    #[tokio::test]
    async fn d17_an_answer_without_end_is_cut_off() {
        let site = Site::start(cloud()).await;
        site.jsm.answer_next(1, &Canned::json(200, vec![b' '; 10_000_000]));
        let error = site.client().server_info().await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }

    #[tokio::test]
    async fn a_slow_jsm_is_given_up_in_time() {
        let site = Site::start(cloud()).await;
        site.jsm.slow_down(Duration::from_secs(60));
        let config = JsmConfig { timeout: Duration::from_millis(50), ..site.config() };
        let error = Client::new(&config).unwrap().server_info().await.unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }));
        assert!(error.remedy().contains("timeout"));
    }

    #[rstest]
    #[case::jsm(
        Canned::json(
            403,
            r#"{"errorMessage":"Not for you.","i18nErrorMessage":{"i18nKey":"k","parameters":[]}}"#
        ),
        "403 Forbidden: Not for you."
    )]
    #[case::platform(
        Canned::json(400, r#"{"errorMessages":["Bad."],"errors":{"x":"is odd"}}"#),
        "400 Bad Request: Bad.; x: is odd"
    )]
    #[case::plain(Canned::text(403, "XSRF check failed"), "403 Forbidden: XSRF check failed")]
    #[case::empty(Canned::text(500, ""), "500 Internal Server Error: no reason given")]
    #[tokio::test]
    async fn jsms_ways_to_say_no_become_one_error(#[case] no: Canned, #[case] expected: &str) {
        let site = Site::start(data_center()).await;
        let client = Client::new(&site.known_as(Deployment::DataCenter)).unwrap();
        site.jsm.answer_next(1, &no);
        let error = client.myself().await.unwrap_err();
        assert_eq!(error.to_string(), format!("GET /rest/api/2/myself: JSM answered {expected}"));
        assert!(!error.remedy().is_empty());
    }

    #[tokio::test]
    async fn an_ip_allowlist_is_named_as_the_cause() {
        let site = Site::start(data_center()).await;
        let words = "The IP address has been rejected because it is not on the allowed list.";
        let no = Canned::json(403, format!(r#"{{"errorMessages":["{words}"],"errors":{{}}}}"#));
        site.jsm.answer_next(1, &no);
        let error = site.client().server_info().await.unwrap_err();
        assert!(error.remedy().contains("IP allowlist"));
    }

    #[tokio::test]
    async fn cloud_without_an_address_says_so() {
        let site = Site::start(cloud()).await;
        let config = JsmConfig { email: None, ..site.config() };
        let error = Client::new(&config).unwrap().myself().await.unwrap_err();
        assert!(matches!(error, Error::EmailMissing));
    }

    #[tokio::test]
    async fn a_file_without_certificates_is_refused_by_name() {
        let site = Site::start(cloud()).await;
        let path = site.state_dir.path().join("ca.pem");
        std::fs::write(&path, "nothing").unwrap();
        let config = JsmConfig { ca_file: Some(path), ..site.config() };
        let error = Client::new(&config).unwrap_err();
        assert!(error.to_string().contains("ca.pem"));
    }

    #[tokio::test]
    async fn an_authoritys_own_certificate_is_told_in_words() {
        let site = Site::start(data_center()).await;
        let authority = authority::Authority::start().await;
        let url = format!("https://localhost:{}", authority.address.port()).parse().unwrap();
        let config = JsmConfig { url, ca_file: Some(authority.file.clone()), ..site.config() };
        let error = Client::new(&config).unwrap().server_info().await.unwrap_err();
        assert!(error.to_string().contains("an authority's own (CA:TRUE)"), "{error}");
        assert!(error.remedy().contains("CA:FALSE"), "{}", error.remedy());
    }
}

mod waiting {
    use super::*;

    /// A client that notes how long it was asked to wait instead of waiting.
    fn noting(site: &Site) -> (Client, Arc<Mutex<Vec<u64>>>) {
        let waits = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&waits);
        let client = Client::with_sleeper(&site.config(), move |wait| {
            noted.lock().unwrap().push(wait.as_secs());
            Box::pin(async {})
        });
        (client.unwrap(), waits)
    }

    #[tokio::test]
    async fn is_exactly_as_long_as_jsm_asks() {
        let site = Site::start(cloud()).await;
        let (client, waits) = noting(&site);
        site.jsm.limit_rate(1, "7");
        site.jsm.answer_next(1, &Canned::text(503, "").header("retry-after", "3"));
        client.server_info().await.unwrap();
        assert_eq!(*waits.lock().unwrap(), [7, 3]);
    }

    #[tokio::test]
    async fn ends_after_four_tries_and_says_how_long_jsm_wants() {
        let site = Site::start(cloud()).await;
        let (client, waits) = noting(&site);
        site.jsm.limit_rate(10, "5");
        let error = client.server_info().await.unwrap_err();
        assert_eq!(error.asked_to_wait(), Some(Duration::from_secs(5)));
        assert_eq!(*waits.lock().unwrap(), [5, 5, 5]);
        assert_eq!(site.jsm.seen().len(), 4);
    }

    #[tokio::test]
    async fn is_left_to_the_caller_when_jsm_asks_for_minutes() {
        let site = Site::start(cloud()).await;
        let (client, waits) = noting(&site);
        site.jsm.limit_rate(1, "120");
        let error = client.server_info().await.unwrap_err();
        assert_eq!(error.asked_to_wait(), Some(Duration::from_secs(120)));
        assert!(error.to_string().contains("2m"), "{error}");
        assert!(waits.lock().unwrap().is_empty());
        assert_eq!(site.jsm.seen().len(), 1);
    }
}

mod checking {
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
        let found =
            findings(&site, rules([PortalRule { link: Some(link("it")), ..rule("HR") }])).await;
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
}
