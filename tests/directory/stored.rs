//! The file that keeps the list for the next start.

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
