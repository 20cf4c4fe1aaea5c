use rstest::rstest;

use super::*;

#[rstest]
#[case("30m", Some(1800))]
#[case("1h 30m", Some(5400))]
#[case("30", None)]
#[case("300x", None)]
#[case("30m!", None)]
#[case("0s", None)]
#[case("-5m", None)]
#[case("", None)]
#[case("999999999999999999999h", None)]
fn durations_have_a_unit_and_nothing_after_it(#[case] text: &str, #[case] seconds: Option<u64>) {
    assert_eq!(duration(text).ok(), seconds.map(Duration::from_secs));
}

#[rstest]
#[case("25MB", Some(25_000_000))]
#[case("32KiB", Some(32_768))]
#[case("25 MB", Some(25_000_000))]
#[case("25", None)]
#[case("25MBx", None)]
#[case("MB", None)]
#[case("0KB", None)]
#[case("-1MB", None)]
#[case("99999999999999EB", None)]
fn sizes_have_a_unit_and_nothing_after_it(#[case] text: &str, #[case] bytes: Option<u64>) {
    assert_eq!(size(text).ok(), bytes);
}

#[rstest]
#[case("10.0.0.0/8", true)]
#[case("10.1.2.3", true)]
#[case("fd00::/8", true)]
#[case("0.0.0.0/0", false)]
#[case("::/0", false)]
#[case("front.example.com", false)]
fn trusted_networks_are_some_networks(#[case] text: &str, #[case] valid: bool) {
    assert_eq!(trusted_network(text).is_ok(), valid);
}

#[rstest]
#[case("https://jira.example.com/jira/", Some("https://jira.example.com/jira"))]
#[case("https://jira.example.com", Some("https://jira.example.com/"))]
#[case("jira.example.com", None)]
#[case("https://me:pass@jira.example.com", None)]
#[case("https://jira.example.com/?a", None)]
#[case("file:///etc/passwd", None)]
fn base_addresses_are_bare(#[case] text: &str, #[case] url: Option<&str>) {
    assert_eq!(base_url(text).ok().as_ref().map(Url::as_str), url);
}

#[rstest]
#[case("10.0.0.5:8080", Some("10.0.0.5:8080"))]
#[case("Jira1.example.com:8443", Some("jira1.example.com:8443"))]
#[case("[2001:db8::5]:8080", Some("[2001:db8::5]:8080"))]
#[case("10.0.0.5", None)]
#[case("10.0.0.5:0", None)]
#[case("10.0.0.5:80801", None)]
#[case("http://10.0.0.5:8080", None)]
#[case("2001:db8::5:8080", None)]
#[case(":8080", None)]
fn servers_have_a_host_and_a_port(#[case] text: &str, #[case] expected: Option<&str>) {
    let parsed = server_name(text).ok().map(|server| server.to_string());
    assert_eq!(parsed.as_deref(), expected);
}

#[rstest]
#[case("/status", true)]
#[case("/rest/api/2/serverInfo?x=1", true)]
#[case("", true)]
#[case("status", false)]
#[case("/a b", false)]
#[case("/a#b", false)]
fn a_path_is_one_of_a_request(#[case] text: &str, #[case] valid: bool) {
    assert_eq!(path_or_nothing(text).is_ok(), valid);
}

#[rstest]
#[case("https://login.example.com/realms/it/", true)]
#[case("http://127.0.0.1:4000", true)]
#[case("http://login.example.com", false)]
fn issuers_are_https_and_kept_as_spelled(#[case] text: &str, #[case] valid: bool) {
    assert_eq!(issuer(text).ok().as_deref(), valid.then_some(text));
}

/// docs/security.md A10: a rule that does not compile is refused, not skipped.
#[rstest]
#[case("info", true)]
#[case("warn,jsm_gate::auth=debug", true)]
#[case("inof", false)]
#[case("info,jsm_gate=loud", false)]
#[case("", false)]
fn a10_log_filters_compile(#[case] text: &str, #[case] valid: bool) {
    assert_eq!(log_level(text).is_ok(), valid);
}
