//! The table, row by row where a row is easy to get wrong.

use http::Method;
use rstest::rstest;

use super::table::{COMMON, Use};
use super::*;

fn policy(tables: &[&'static [Row]], allow: &[&str]) -> PathPolicy {
    let allow = allow.iter().map(|path| OpenPath::parse(path).unwrap()).collect();
    let rows = tables.iter().copied().flatten();
    PathPolicy::of(rows, allow, vec![OpenPath::parse("/s/").unwrap()])
}

fn judge(method: &Method, path: &str) -> PathVerdict {
    policy(&[COMMON], &[]).judge(method, path)
}

#[rstest]
#[case("/servicedesk/customer/portals")]
#[case("/servicedesk/customer/portal/2/create/66")]
#[case("/servicedesk/customer/portal/2/IT-1/unsubscribe")]
#[case("/servicedesk/customer/user/requests")]
#[case("/servicedesk/customershim/secure/attachment/10001/a;b.txt")]
#[case("/servicedesk/customershim/secure/thumbnail/10001/_thumb_10001.png")]
#[case("/servicedesk/customershim/secure/viewavatar")]
#[case("/servicedesk/customershim/upload")]
#[case("/rest/servicedeskapi/servicedesk/12/requesttype/66/field")]
#[case("/rest/servicedeskapi/portals/project/IT")]
#[case("/rest/servicedesk/1/customer/models")]
#[case("/rest/servicedesk/1/servicedesk/customer/comment")]
#[case("/rest/servicedesk/1/servicedesk/customer/participant/removeParticipant/IT-1")]
#[case("/rest/servicedesk/1/customer/participants/IT-1/search")]
#[case("/rest/servicedeskapi/request/IT-1/comment")]
#[case("/rest/servicedeskapi/servicedesk/12/")]
#[case("/rest/api/2/universal_avatar/view/type/SD_REQTYPE/avatar/10")]
#[case("/s/-abc/820001/1x/1.0/_/download/contextbatch/js/_super/batch.js")]
#[case("/s/abc/_/images/logo.png")]
#[case("/download/resources/x/y.css")]
#[case("/favicon.ico")]
fn what_a_portal_needs_is_open(#[case] path: &str) {
    assert_eq!(judge(&Method::GET, path), PathVerdict::Open);
}

#[rstest]
#[case("/")]
#[case("/browse/IT-1")]
#[case("/issues/")]
#[case("/projects/IT/queues")]
#[case("/servicedesk")]
#[case("/servicedesk/agent/IT")]
#[case("/servicedesk/customerx")]
#[case("/SERVICEDESK/customer/portals")]
#[case("/servicedesk/customer/user/login")]
#[case("/servicedesk/customer/USER/login/")]
#[case("/servicedesk/customer/user/login/x")]
#[case("/servicedesk/customer/user/forgotpassword/sent")]
#[case("/servicedesk/customer/portal/2/user/login")]
#[case("/servicedesk/customer/portal/2/User/Login;x/y")]
#[case("/servicedesk/customer/portal/2/user/signup")]
#[case("/servicedesk/customer/portal/2/user/forgotpassword")]
#[case("/servicedesk/customer/portal/2/user/resetpassword/token")]
#[case("/servicedesk/customershim")]
#[case("/servicedesk/customershim/secure/admin/ViewApplicationProperties.jspa")]
#[case("/servicedesk/customershim/secure/attachmentx/1")]
#[case("/servicedesk/customershim/secure/upload")]
#[case("/servicedesk/customershim/upload/x")]
#[case("/servicedesk/customershim/plugins/servlet/upm")]
#[case("/servicedesk/customershim/login.jsp")]
#[case("/servicedesk/customershim/browse/HR-1")]
#[case("/servicedesk/customershim/rest/api/2/user/search")]
#[case("/servicedesk/customershim/REST;x/api/2/myself")]
#[case("/secure/Dashboard.jspa")]
#[case("/secure/admin/ViewApplicationProperties.jspa")]
#[case("/secure/viewavatar/x")]
#[case("/login.jsp")]
#[case("/plugins/servlet/upm")]
#[case("/rest/auth/1/session")]
#[case("/rest/api/2/user/search")]
#[case("/rest/api/2/myself")]
#[case("/rest/api/latest/search")]
#[case("/rest/servicedesk/1/customer/portal/2/user-search/proforma")]
#[case("/rest/servicedesk/1/customer/portal/2/user-search.json")]
#[case("/rest/servicedesk/latest/customer/portal/2/User-Search")]
#[case("/rest/servicedesk/1/customer/portal/2/user-search;x")]
#[case("/rest/servicedesk/1/customer/portal/2/user-search.txt")]
#[case("/rest/servicedesk/1/customer/portal/2/user-search.HTML")]
#[case("/rest/servicedesk/1/customer/user-search.atom/x")]
#[case("/rest/servicedesk/1/customer/portal/2/request/IT-1/user-search.htm")]
#[case("/rest/servicedeskapi/requesttype/1")]
#[case("/rest/servicedeskapi/servicedesk/12/requesttype/66/property/x")]
#[case("/rest/servicedeskapi/servicedesk/12/requesttype/66/permissions")]
#[case("/rest/servicedesk/1/customer/pages/user/signup")]
#[case("/rest/servicedesk/1/customer/pages/user/signup/x")]
#[case("/rest/servicedesk/1/servicedesk/IT/queues")]
#[case("/rest/servicedesk/1/servicedesk/CUSTOMER/queues")]
#[case("/rest/servicedeskapi/servicedesk/12/customer")]
#[case("/rest/servicedeskapi/servicedesk/12/queue")]
#[case("/rest/servicedeskapi/organization/1/user")]
#[case("/rest/servicedeskapi/customer")]
#[case("/s/abc/_/secure/Dashboard.jspa")]
#[case("/s/abc/_/servicedesk/customer/portal/3")]
#[case("/s/abc/_/rest/servicedesk/1/customer/models")]
#[case("/s/abc/_/download/_/secure/x")]
#[case("/s/abc/_/s/x/_/secure/x")]
#[case("/s/abc/_/")]
#[case("/s/abc")]
#[case("/download/attachments/1/x")]
#[case("/gateway/api/graphql")]
#[case("/jsd-login/v1/authentication/authenticate")]
#[case("/wp-admin")]
fn everything_else_is_closed(#[case] path: &str) {
    for method in [Method::GET, Method::POST] {
        let verdict = judge(&method, path);
        assert!(
            matches!(verdict, PathVerdict::Closed(_) | PathVerdict::Login(_)),
            "{path}: {verdict:?}"
        );
    }
}

#[rstest]
#[case("/logout")]
#[case("/logout;x")]
#[case("/secure/Logout.jspa")]
#[case("/secure/Logout!default.jspa")]
#[case("/servicedesk/customer/user/logout")]
#[case("/servicedesk/customer/portal/2/user/logout")]
#[case("/servicedesk/customer/portal/2/user/Logout/")]
fn jiras_logout_is_the_gates(#[case] path: &str) {
    assert_eq!(judge(&Method::GET, path), PathVerdict::Logout);
}

#[rstest]
#[case(Method::GET, "/rest/servicedeskapi/requesttype", true)]
#[case(Method::HEAD, "/rest/servicedeskapi/requesttype", true)]
#[case(Method::POST, "/rest/servicedeskapi/requesttype", false)]
#[case(Method::POST, "/favicon.ico", false)]
#[case(Method::DELETE, "/rest/servicedeskapi/organization", false)]
#[case(Method::POST, "/rest/servicedesk/1/customer/models", true)]
#[case(Method::PUT, "/rest/servicedeskapi/request/IT-1/notification", true)]
fn what_is_for_reading_is_only_read(
    #[case] method: Method,
    #[case] path: &str,
    #[case] open: bool,
) {
    assert_eq!(judge(&method, path) == PathVerdict::Open, open);
}

#[test]
fn the_configuration_opens_more_and_its_word_is_last() {
    let policy = policy(&[COMMON, CLOUD], &["/plugins/servlet/our-app/", "/login.jsp"]);
    let get = |path| policy.judge(&Method::GET, path);
    assert_eq!(get("/plugins/servlet/our-app/x"), PathVerdict::Open);
    assert_eq!(get("/login.jsp"), PathVerdict::Open);
    assert!(matches!(get("/plugins/servlet/our-apps"), PathVerdict::Closed(_)));
}

/// The rows of Cloud alone.
#[rstest]
#[case("/_edge/tenant_info", true)]
#[case("requesttype/9/formchoices", true)]
#[case("request/5/form/1/fielddata", true)]
#[case("requesttype/9/user-search", false)]
#[case("request/5/form/1/User-Search.json", false)]
#[case("request/5/form/1/users/7", false)]
#[case("settings", false)]
#[case("/gateway/api/proforma/cloudid/x/api/3/issue/5/form/1", false)]
#[case("/gateway/api/graphql", false)]
#[case("/gateway/api/public/teams/v1", false)]
fn on_cloud_a_portals_forms_are_open_and_no_more(#[case] path: &str, #[case] open: bool) {
    let forms = "/gateway/api/proforma/portal/cloudid/1111-2222/api/3/portal/2/";
    let path = if path.starts_with('/') { path.to_owned() } else { format!("{forms}{path}") };
    let verdict = policy(&[COMMON, CLOUD], &[]).judge(&Method::GET, &path);
    assert_eq!(verdict == PathVerdict::Open, open, "{path}: {verdict:?}");
    assert!(matches!(judge(&Method::GET, &path), PathVerdict::Closed(_)), "of Data Center: {path}");
}

#[test]
fn what_cloud_has_behind_one_address_is_opened_by_the_configuration_alone() {
    let policy = policy(&[COMMON, CLOUD], &["/gateway/api/graphql"]);
    assert_eq!(policy.judge(&Method::POST, "/gateway/api/graphql"), PathVerdict::Open);
}

/// Jira serves any of its paths below a cache key, so opening the keys opens none of them.
#[test]
fn what_the_configuration_opens_is_not_open_behind_a_cache_key() {
    let policy = policy(&[COMMON], &["/s/", "/servicedesk/", "/plugins/servlet/our-app/"]);
    let get = |path| policy.judge(&Method::GET, path);
    for path in ["/s/x", "/s/x/_/images/y.png", "/plugins/servlet/our-app/y"] {
        assert_eq!(get(path), PathVerdict::Open, "{path}");
    }
    for path in [
        "/s/x/_/secure/Dashboard.jspa",
        "/s/x/_/plugins/servlet/our-app/y",
        "/s/x/_/servicedesk/customer/portal/3",
        "/s/x/_/download/_/secure/x",
        "/s/x/_/s/y/_/secure/Dashboard.jspa",
        "/s/x/_/s/secure",
    ] {
        assert!(matches!(get(path), PathVerdict::Closed(_)), "{path}");
    }
}

#[test]
fn public_paths_are_only_read() {
    let policy = policy(&[COMMON], &[]);
    assert!(policy.is_public(&Method::GET, "/s/x/_/download/y"));
    assert!(!policy.is_public(&Method::POST, "/s/x/_/download/y"));
    assert!(!policy.is_public(&Method::GET, "/servicedesk/customer/portals"));
}

/// A row that is spelled wrongly would silently open or close nothing.
#[test]
fn rows_are_well_formed() {
    for row in COMMON.iter().chain(CLOUD) {
        let inner = row.path.strip_suffix("/**").unwrap_or(row.path);
        assert!(inner.starts_with('/') && !inner.ends_with('/'), "{}", row.path);
        let closing = matches!(row.good_for, Use::Closed | Use::Login | Use::Logout);
        assert!((closing || !inner.contains("**")) && !inner.starts_with("/*"), "{}", row.path);
        assert!(!row.reason.is_empty(), "{} has no reason", row.path);
        let sample = inner.replace('*', "1");
        let verdict = policy(&[COMMON, CLOUD], &[]).judge(&Method::GET, &sample);
        assert_eq!(verdict == PathVerdict::Open, !closing, "{}: {verdict:?}", row.path);
    }
}

/// Rows are found by it.
#[test]
fn every_row_begins_with_a_name() {
    for row in COMMON.iter().chain(CLOUD) {
        assert!(!first_name(row.path).is_empty(), "{}", row.path);
    }
}
