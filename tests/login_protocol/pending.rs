//! Pending logins in the browser: several at once, not too many, and none that goes round for ever.

use http::{HeaderMap, header};
use jsm_gate::auth::{Expiry, LONGEST_ANSWER, LoginError, LoginWish, LoopCause, ReturnTo};
use jsm_gate::domain::LoginDemand;
use rstest::rstest;

use crate::harness::{Gate, Person, config, id, provider};

#[tokio::test]
async fn several_tabs_log_in_side_by_side_and_each_returns_to_its_own_page() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let pages = ["/p/it/create/66?x=%2F#top", "/p/hr/HR-1", "/"];
    let mut locations = Vec::new();
    for page in pages {
        locations.push(ann.begin(page).await.unwrap());
    }
    for (page, location) in pages.iter().zip(locations).rev() {
        let query = ann.at_provider(&location, "ann").await;
        assert_eq!(ann.finish(&query).await.unwrap().return_to.as_str(), *page);
    }
}

#[tokio::test]
async fn g5_the_oldest_pending_login_is_dropped_beyond_the_limit() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let mut locations = Vec::new();
    for _ in 0..8 {
        locations.push(ann.begin("/p/it").await.unwrap());
        gate.later(1);
    }
    let logins = |ann: &Person| {
        let names = ann.browser.cookie_names("localhost");
        names.iter().filter(|name| name.starts_with("gate-login-")).count()
    };
    assert_eq!(logins(&ann), 5);
    let oldest = ann.at_provider(&locations[2], "ann").await;
    let refused = ann.finish(&oldest).await.unwrap_err();
    assert_eq!(refused.error, LoginError::Expired(Expiry::NotPending));
    let kept = ann.at_provider(&locations[3], "ann").await;
    ann.finish(&kept).await.expect("the fifth from the end is kept");
    assert_eq!(logins(&ann), 4, "a finished login is no longer pending");
}

/// A browser that opens its tabs anew begins their logins within one second.
#[tokio::test]
async fn g5_of_tabs_that_are_opened_together_the_first_are_dropped() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    let mut locations = Vec::new();
    for tab in 0..8 {
        locations.push(ann.begin(&format!("/p/it/IT-{tab}")).await.unwrap());
    }
    for (tab, location) in locations.iter().enumerate().rev() {
        let query = ann.at_provider(location, "ann").await;
        let ended = ann.finish(&query).await.map(|done| done.return_to.to_string());
        let dropped = ended
            .as_ref()
            .is_err_and(|refused| refused.error == LoginError::Expired(Expiry::NotPending));
        let expected = format!("/p/it/IT-{tab}");
        assert!(if tab < 3 { dropped } else { ended.is_ok_and(|page| page == expected) }, "{tab}");
    }
}

#[tokio::test]
async fn c1_rubbish_in_the_cookie_of_a_login_is_cleared() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, "gate-login-x=rubbish; other=1".parse().unwrap());
    let started =
        gate.auth.begin(&id("sandbox"), &LoginWish::to(&ReturnTo::home()), &headers).await.unwrap();
    let first = started.set_cookies[0].to_str().unwrap();
    assert!(first.starts_with("gate-login-x=; ") && first.contains("Max-Age=0"), "{first}");
    assert_eq!(started.set_cookies.len(), 2);
}

#[tokio::test]
async fn c11_the_cookie_of_one_login_is_no_cookie_of_another() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let (mut bob, mut ann) = (Person::at(&gate), Person::at(&gate));
    let location = bob.begin("/p/it").await.unwrap();
    let query = bob.at_provider(&location, "bob").await;
    ann.begin("/p/it").await.unwrap();
    let sealed =
        ann.headers()[header::COOKIE].to_str().unwrap().split_once('=').unwrap().1.to_owned();
    let name = bob.browser.cookie_names("localhost")[0].to_owned();
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, format!("{name}={sealed}").parse().unwrap());
    let refused = gate.auth.finish(&id("sandbox"), Some(&query), &headers).await.unwrap_err();
    assert_eq!(refused.error, LoginError::Expired(Expiry::NotPending));
}

#[tokio::test]
async fn the_cookie_of_a_login_is_bound_to_the_host_and_out_of_reach_of_scripts() {
    let provider = provider().await;
    let gate = Gate::start_at("https://help.example.com", &[config(&provider)]);
    gate.until_ready().await;
    let headers = HeaderMap::new();
    let started =
        gate.auth.begin(&id("sandbox"), &LoginWish::to(&ReturnTo::home()), &headers).await.unwrap();
    let cookie = started.set_cookies[0].to_str().unwrap();
    assert!(cookie.starts_with("__Host-gate-login-"), "{cookie}");
    assert!(cookie.ends_with("; Path=/; Max-Age=4200; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    let state = url::Url::parse(&started.location).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1;
    assert!(!cookie.contains(&*state), "the state is sealed");
    assert!(started.location.contains("help.example.com%2F_gate%2Fcallback%2Fsandbox"), "E6");
}

#[tokio::test]
async fn the_longest_return_address_fits_into_a_cookie() {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let longest = ReturnTo::parse(&format!("/{}", "a".repeat(2047))).unwrap();
    let started =
        gate.auth.begin(&id("sandbox"), &LoginWish::to(&longest), &HeaderMap::new()).await.unwrap();
    assert!(started.set_cookies[0].len() < 4096, "{}", started.set_cookies[0].len());
}

#[tokio::test]
async fn the_longest_request_of_a_service_provider_fits_into_a_cookie() {
    let provider = provider().await;
    let gate = Gate::start_at("https://help.example.com", &[config(&provider)]);
    gate.until_ready().await;
    let address = format!("/_gate/saml/{}/answer?request=", "s".repeat(64));
    let longest = format!("{address}{}", "a".repeat(LONGEST_ANSWER - address.len()));
    let longest = ReturnTo::parse(&longest).unwrap();
    let demand = LoginDemand { since: Some(1_800_000_000), ..LoginDemand::default() };
    let wish = LoginWish { demand: Some(&demand), chosen: true, ..LoginWish::to(&longest) };
    let started = gate.auth.begin(&id("sandbox"), &wish, &HeaderMap::new()).await.unwrap();
    assert!(started.set_cookies[0].len() < 4096, "{}", started.set_cookies[0].len());
}

#[rstest]
#[case::no_session_cookie(None, LoopCause::SessionCookieMissing)]
#[case::unknown_session(Some("gate=unknown"), LoopCause::SessionUnknown)]
#[tokio::test]
async fn e10_the_fourth_login_within_a_minute_is_a_loop(
    #[case] session: Option<&str>,
    #[case] cause: LoopCause,
) {
    let provider = provider().await;
    let gate = Gate::ready(&[config(&provider)]).await;
    let mut ann = Person::at(&gate);
    for round in 0..3 {
        assert_eq!(gate.auth.loop_guard(&ann.headers()).count(), round);
        ann.log_in_as("ann").await.unwrap();
    }
    if let Some(session) = session {
        ann.browser.keep("localhost", &session.parse().unwrap());
    }
    assert_eq!(ann.begin("/p/it").await.unwrap_err(), LoginError::Loop { cause });
    gate.later(60);
    ann.begin("/p/it").await.expect("after a minute it may try again");
}
