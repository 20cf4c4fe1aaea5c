//! How JSM is called, and what its refusals become.

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
