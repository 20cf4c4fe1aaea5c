//! The clock beside Atlassian's, and where people reach the gate.

use super::*;

/// As the command does.
fn with_cryptography() {
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// A server whose clock is ahead of `NOW`.
async fn atlassian(seconds_ahead: u64) -> Url {
    let date = httpdate::fmt_http_date(at(NOW + seconds_ahead));
    let answer = move || {
        let date = date.clone();
        async move { ([(DATE, date)], "") }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(async { axum::serve(listener, Router::new().fallback(any(answer))).await });
    url
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[rstest]
#[case::together(5, "ok     ", "5 seconds")]
#[case::apart(40, "warning", "40 seconds")]
#[case::too_far(90, "FAILURE", "90 seconds")]
#[tokio::test]
async fn a_clock_that_is_not_atlassians_is_told(
    #[case] ahead: u64,
    #[case] level: &str,
    #[case] seconds: &str,
) {
    with_cryptography();
    let clock = Clock::from_fn(|| at(NOW));
    let printed = printed([clock::check(&atlassian(ahead).await, &clock).await]);
    let line = printed.lines().next().unwrap();
    assert_eq!(
        line,
        format!("{level}  service providers: Atlassian's clock and ours are {seconds} apart")
    );
}

#[tokio::test]
async fn a_clock_that_nobody_can_compare_is_told() {
    with_cryptography();
    let nobody = Url::parse("http://127.0.0.1:1/").unwrap();
    assert_eq!(
        printed([clock::check(&nobody, &Clock::from_fn(|| at(NOW))).await]),
        "warning  service providers: 127.0.0.1 does not tell the time from here, so the clocks were not \
         compared\n         \
         → see that this machine's clock is synchronised (NTP): timedatectl"
    );
}

#[rstest]
#[case::no_https(
    "http://localhost:8080",
    "FAILURE  service providers: the SSO URL http://localhost:8080/_gate/saml/atlassian/sso has no https: \
     service providers do not take it"
)]
#[case::nobody_there(
    "https://localhost:1",
    "warning  service providers: https://localhost:1/_gate/saml/atlassian/metadata cannot be read from here: "
)]
#[case::inside(
    "https://localhost:1",
    "warning  service providers: localhost has no public address as seen from here, so only people inside your \
     network can log in"
)]
#[tokio::test]
async fn a_gate_that_people_do_not_reach_is_told(#[case] url: &str, #[case] expected: &str) {
    with_cryptography();
    let id = crate::domain::ServiceProviderId::parse("atlassian").unwrap();
    let url = crate::domain::PublicUrl::parse(url).unwrap();
    let printed = bad(outside::check(&url, &id).await);
    assert!(printed.lines().any(|line| line.starts_with(expected)), "{printed}");
}
