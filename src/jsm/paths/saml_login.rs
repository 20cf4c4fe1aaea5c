//! The addresses of Jira's own SAML login, which its bundled plugin serves: where it begins, where answers
//! are posted, and where customers come from and go. It must not know who logs in.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Url, form_urlencoded};

use super::login_fields::has_name_of;
use crate::reading::Target;

/// Where customers log in to Jira.
const START: &str = "/servicedesk/customer/user/login";

/// What the addresses of all of JSM's pages begin with.
const PAGES: &str = "/servicedesk/customer/";

/// What may stand unescaped in the value of a query.
const VALUE: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A step of Jira's own login.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LoginStep {
    /// Jira asks its identity provider who somebody is.
    Start,
    /// The identity provider's answer is posted to Jira.
    Answer,
    /// A page asks which ways to log in there are.
    Options,
}

impl LoginStep {
    /// Which step a request is. Only these very paths are: nothing below or beside them.
    pub(super) fn of(method: &Method, path: &str) -> Option<Self> {
        let provider = path.strip_prefix("/plugins/servlet/external-login/");
        let names_provider = provider
            .is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()));
        match (method, path) {
            (&Method::POST, "/plugins/servlet/samlconsumer") => Some(Self::Answer),
            (&Method::GET, START | "/plugins/servlet/login") => Some(Self::Start),
            (&Method::GET, _) if names_provider => Some(Self::Start),
            (&Method::GET, "/rest/authconfig/1.0/login-options") => Some(Self::Options),
            _ => None,
        }
    }
}

/// The address at which a login in Jira begins that leads to an address of JSM's.
pub(crate) fn start_address(raw: &str) -> String {
    let (to, more) = match raw.strip_prefix(PAGES) {
        Some(page) => (page, ""),
        None => (raw, "&absolute=true"),
    };
    format!("{START}?destination={}{more}", utf8_percent_encode(to, VALUE))
}

/// The address of JSM's that a login in Jira leads to, if its query names one that could be asked for here.
pub(crate) fn destination(query: &str) -> Option<String> {
    let first = |wanted: &str| {
        let mut fields = form_urlencoded::parse(query.as_bytes());
        fields.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let to = first("destination")?;
    let is_absolute = first("absolute").is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let pages = if is_absolute { "/" } else { PAGES };
    let address = format!("{pages}{}", to.trim_start_matches('/'));
    Target::parse(address.as_bytes()).is_ok().then_some(address)
}

/// The answer of an identity provider in a form; `None` unless there is exactly one.
pub(crate) fn posted_answer(form: &[u8]) -> Option<String> {
    let mut answers = form_urlencoded::parse(form).filter(|(name, _)| name == "SAMLResponse");
    let (only, None) = (answers.next()?, answers.next()) else { return None };
    Some(only.1.into_owned())
}

/// Whether a query wants a login in Jira to lead to another site.
pub(crate) fn leads_elsewhere(query: &str) -> bool {
    const NAMES: [&str; 3] = ["destination", "os_destination", "authDest"];
    let here = Url::parse("https://jira.invalid").and_then(|jira| jira.join(PAGES));
    let stays = |to: &str| {
        here.as_ref().is_ok_and(|here| here.join(to).is_ok_and(|url| url.origin() == here.origin()))
    };
    let is_one = |name: &str| NAMES.iter().any(|it| name.trim().eq_ignore_ascii_case(it));
    form_urlencoded::parse(query.as_bytes()).any(|(name, to)| is_one(&name) && !stays(&to))
}

/// Whether a query asks Jira for its form for passwords in place of its identity provider.
pub(crate) fn asks_for_form(query: &str) -> bool {
    const NAMES: [&str; 2] = ["auth_fallback", "native_login"];
    has_name_of(query.as_bytes(), &NAMES)
}

/// Whether a page of JSM's is asked for to log out.
pub(crate) fn logs_out(method: &Method, target: &Target) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
        && target.path().starts_with(PAGES)
        && form_urlencoded::parse(target.query().as_bytes())
            .any(|(name, value)| name == "logout" && value == "true")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Method::GET, "/servicedesk/customer/user/login", Some(LoginStep::Start))]
    #[case(Method::GET, "/plugins/servlet/external-login/12", Some(LoginStep::Start))]
    #[case(Method::GET, "/plugins/servlet/login", Some(LoginStep::Start))]
    #[case(Method::POST, "/plugins/servlet/samlconsumer", Some(LoginStep::Answer))]
    #[case(Method::GET, "/rest/authconfig/1.0/login-options", Some(LoginStep::Options))]
    #[case::password(Method::POST, "/servicedesk/customer/user/login", None)]
    #[case::below(Method::GET, "/servicedesk/customer/user/login/x", None)]
    #[case::no_number(Method::GET, "/plugins/servlet/external-login/1x", None)]
    #[case::no_number(Method::GET, "/plugins/servlet/external-login/", None)]
    #[case::below(Method::GET, "/plugins/servlet/external-login/1/x", None)]
    #[case::read(Method::GET, "/plugins/servlet/samlconsumer", None)]
    #[case::case(Method::POST, "/plugins/servlet/SamlConsumer", None)]
    #[case::slash(Method::POST, "/plugins/servlet/samlconsumer/", None)]
    #[case::beside(Method::GET, "/plugins/servlet/upm", None)]
    #[case::settings(Method::GET, "/rest/authconfig/1.0/idps", None)]
    #[case::jira(Method::GET, "/login.jsp", None)]
    fn dc2_steps_are_these_very_paths(
        #[case] method: Method,
        #[case] path: &str,
        #[case] step: Option<LoginStep>,
    ) {
        assert_eq!(LoginStep::of(&method, path), step);
    }

    #[rstest]
    #[case("/servicedesk/customer/portal/2/create/66?summary=a%20b&x=%26")]
    #[case("/servicedesk/customer/portals")]
    #[case("/servicedesk/customershim/secure/attachment/1/a%20b.txt")]
    fn a_login_leads_to_where_it_was_begun_for(#[case] address: &str) {
        let start = start_address(address);
        let (path, query) = start.split_once('?').unwrap();
        assert_eq!((path, destination(query).as_deref()), (START, Some(address)));
    }

    #[rstest]
    #[case::none("x=y", None)]
    #[case::relative("destination=portal/2", Some("/servicedesk/customer/portal/2"))]
    #[case::with_a_slash("destination=/portals", Some("/servicedesk/customer/portals"))]
    #[case::first("destination=portals&destination=x", Some("/servicedesk/customer/portals"))]
    #[case::up("destination=../../secure/admin", None)]
    #[case::other_site("destination=//evil.example&absolute=true", Some("/evil.example"))]
    #[case::blank("destination=a+b", None)]
    fn a_destination_is_an_address_here(#[case] query: &str, #[case] address: Option<&str>) {
        assert_eq!(destination(query).as_deref(), address);
    }

    #[rstest]
    #[case::page("destination=portal/2/create/66%3Fa%3Dhttps://x.example//y", false)]
    #[case::absolute("destination=/secure/x%23y&absolute=true", false)]
    #[case::none("x=https://evil.example", false)]
    #[case::other_site("destination=https://evil.example&absolute=true", true)]
    #[case::other_host("destination=//evil.example&absolute=true", true)]
    #[case::backslash("destination=/%5Cevil.example", true)]
    #[case::tab("destination=/%09/evil.example", true)]
    #[case::script("os_destination=javascript:alert(1)", true)]
    #[case::second("destination=portals&Destination=//evil.example", true)]
    #[case::by_number("authDest=//evil.example", true)]
    fn e1_a_login_in_jira_leads_to_no_other_site(#[case] query: &str, #[case] leads: bool) {
        assert_eq!(leads_elsewhere(query), leads);
    }

    #[rstest]
    #[case("auth_fallback", true)]
    #[case("destination=portals&auth_fallback=true", true)]
    #[case("Native_Login=", true)]
    #[case("auth%5Ffallback=1", true)]
    #[case::twice("auth%255ffallback=1", true)]
    #[case::cut_off("auth_fallback%00=1", true)]
    #[case::behind_a_semicolon("destination=portals;native_login", true)]
    #[case("destination=auth_fallback", false)]
    fn dc8_the_form_for_passwords_is_recognised(#[case] query: &str, #[case] asks: bool) {
        assert_eq!(asks_for_form(query), asks);
    }

    #[rstest]
    #[case("SAMLResponse=a%2Bb%3D&RelayState=x", Some("a+b="))]
    #[case::none("RelayState=x", None)]
    #[case::twice("SAMLResponse=a&SAMLResponse=a", None)]
    #[case::encoded_twice("SAMLResponse=a&SAML%52esponse=b", None)]
    fn dc12_a_form_has_one_answer(#[case] form: &str, #[case] answer: Option<&str>) {
        assert_eq!(posted_answer(form.as_bytes()).as_deref(), answer);
    }

    #[rstest]
    #[case("/servicedesk/customer/portals?logout=true", true)]
    #[case("/servicedesk/customer/user/login?destination=portals&logout=true", true)]
    #[case("/servicedesk/customer/portals?logout=false", false)]
    #[case("/rest/servicedeskapi/request?logout=true", false)]
    fn dc7_the_portals_logout_is_recognised(#[case] target: &str, #[case] is_logout: bool) {
        let target = Target::parse(target.as_bytes()).unwrap();
        assert_eq!(logs_out(&Method::GET, &target), is_logout);
        assert!(!logs_out(&Method::POST, &target));
    }
}
