//! The first checks of a request: whether the gate, JSM and everything between read it alike.
//! Methods, sizes, framing, hosts and origins are checked here; the address is a [`Target`]. It
//! must not know who sends the request.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version, header};
use pingora::http::RequestHeader;

use super::framing::{self, Framing};
use super::hop_by_hop;
use crate::config::LimitsConfig;
use crate::domain::PublicUrl;
use crate::jsm::paths::Route;
use crate::problem::Problem;
use crate::reading::Target;
use crate::web::Site;

/// From which site a browser says that a request comes, also where something on its way takes `Origin` out
/// (Fetch Metadata Request Headers, 2.4). No script can set it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Checks a whole request.
///
/// # Errors
/// The page that says what is wrong with it; nothing of it may be forwarded.
pub(crate) fn check(
    request: &RequestHeader,
    public_url: &PublicUrl,
    limits: &LimitsConfig,
    site: &Site,
) -> Result<Target, Problem> {
    check_method(&request.method)?;
    check_size(request, limits)?;
    check_connection(&request.headers)?;
    check_host(request, public_url)?;
    check_framing(request)?;
    check_type(&request.headers)?;
    let target = Target::parse(request.raw_path())
        .map_err(|unreadable| Problem::bad_request(unreadable.0))?;
    check_origin(request, public_url, || site.policy(target.raw_path()).cross_site_post)?;
    Ok(target)
}

/// Refuses an upload whose `Content-Length` is over the limit, before a byte of it is read. A page of the
/// gate's own may take more than JSM is forwarded.
///
/// # Errors
/// The page that tells the limit.
pub(crate) fn check_announced_length(
    request: &RequestHeader,
    limit: u64,
    site: &Site,
    route: &Route,
) -> Result<(), Problem> {
    let length = request.headers.get(header::CONTENT_LENGTH);
    let announced = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Some(bytes) = announced.filter(|bytes| request.method != Method::GET && *bytes > limit)
    else {
        return Ok(());
    };
    let own = match route {
        Route::Page | Route::Link { .. } => site.policy(request.uri.path()).whole_body(),
        Route::NoLink | Route::Portal(_) | Route::NoPortal | Route::Upstream => 0,
    };
    let limit = limit.max(u64::try_from(own).unwrap_or(u64::MAX));
    if bytes > limit { Err(Problem::BodyTooLarge { limit }) } else { Ok(()) }
}

/// TRACE and CONNECT reach no upstream (docs/security.md A8), nor does an unknown method.
/// `X-HTTP-Method-Override` has no effect here.
fn check_method(method: &Method) -> Result<(), Problem> {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
    ];
    if KNOWN.contains(method) { Ok(()) } else { Err(Problem::MethodNotAllowed) }
}

/// Tomcat accepts 8 KB of headers and pingora 1 MB. What lies between would fail at JSM.
fn check_size(request: &RequestHeader, limits: &LimitsConfig) -> Result<(), Problem> {
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        name.as_str().len() + value.len() + ": \r\n".len()
    };
    let bytes = request.raw_path().len() + request.headers.iter().map(line).sum::<usize>();
    if bytes > limits.header_bytes || request.headers.len() > limits.headers {
        return Err(Problem::HeadersTooLarge);
    }
    Ok(())
}

/// The headers that `Connection` names are removed after the decision. It may not name one that the
/// decision rests on: the request forwarded would differ from the one decided on.
fn check_connection(headers: &HeaderMap) -> Result<(), Problem> {
    if hop_by_hop::names_the_message(headers) {
        Err(Problem::bad_request("its Connection header names one that the gate decides by"))
    } else {
        Ok(())
    }
}

/// The host a request names, from `:authority` or `Host`; pingora has refused requests where the
/// two differ, where there are several, and where one has user info (docs/security.md A9).
fn authority(request: &RequestHeader) -> Option<&str> {
    match request.uri.authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers.get(header::HOST)?.to_str().ok(),
    }
}

fn check_host(request: &RequestHeader, public_url: &PublicUrl) -> Result<(), Problem> {
    let default_port = if public_url.is_https() { ":443" } else { ":80" };
    let named = authority(request).unwrap_or_default();
    let bare = named.strip_suffix(default_port).unwrap_or(named);
    if bare.eq_ignore_ascii_case(public_url.authority()) {
        Ok(())
    } else {
        Err(Problem::WrongHost { public_url: public_url.to_string() })
    }
}

/// Every reader has to find the same end of the body (docs/security.md F2). Where pingora has
/// removed a length beside a coding, it closes the connection afterwards. A form over HTTP/1.0
/// needs a length (RFC 1945, 8.3; F3).
fn check_framing(request: &RequestHeader) -> Result<(), Problem> {
    match framing::of(&request.headers) {
        Some(Framing::Unsaid)
            if request.version == Version::HTTP_10 && has_body(&request.method) =>
        {
            Err(Problem::bad_request("its body has no length"))
        }
        Some(_) => Ok(()),
        None => Err(Problem::bad_request("the length of its body can be read in two ways")),
    }
}

/// With two types for one body, each reader would take the one it likes.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get_all(header::CONTENT_TYPE).iter().nth(1) {
        None => Ok(()),
        Some(_) => Err(Problem::bad_request("its body has more than one type")),
    }
}

fn has_body(method: &Method) -> bool {
    matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// A page of another site may link here, but it may not post here in a customer's name. The
/// exception are pages of the gate's own that are made for it.
fn check_origin(
    request: &RequestHeader,
    public_url: &PublicUrl,
    is_made_for_it: impl Fn() -> bool,
) -> Result<(), Problem> {
    let mut origins = request.headers.get_all(header::ORIGIN).iter();
    let mut sites = request.headers.get_all(SEC_FETCH_SITE).iter();
    let mut ours = || {
        origins.all(|origin| origin == public_url.origin())
            && sites.all(|site| site == "same-origin" || site == "none")
    };
    if request.method.is_safe() || is_made_for_it() || ours() {
        Ok(())
    } else {
        Err(Problem::CrossSite)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(&["keep-alive, x-gate-user"], true)]
    #[case(&["close"], true)]
    #[case(&["content-type"], false)]
    #[case(&["close , Content-Encoding"], false)]
    #[case(&["close", "COOKIE"], false)]
    #[case(&["origin,"], false)]
    fn what_is_decided_by_is_not_taken_away(#[case] lines: &[&'static str], #[case] fine: bool) {
        let line = |line: &&'static str| (header::CONNECTION, HeaderValue::from_static(line));
        let headers = lines.iter().map(line).collect();
        assert_eq!(check_connection(&headers).is_ok(), fine);
    }
}
