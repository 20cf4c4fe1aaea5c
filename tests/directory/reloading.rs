//! What a reload changes of the list.

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
