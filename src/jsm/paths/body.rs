//! What the body of a data call may name, and how it is read. It must not know how a body arrives.

use http::Method;

use super::references::{Reference, in_form, in_json};
use super::suffix::stem;
use crate::reading::{Ambiguous, MediaType};

/// Calls whose body says which portal they are about, whatever type the body claims to have.
const ALWAYS_JSON: [&str; 2] = ["models", "request"];

/// What there is to check in a request's body.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Content {
    /// It may name a portal: a data call that changes something.
    names: bool,
    /// It is a form, not JSON.
    is_form: bool,
    has_ambiguous_charset: bool,
}

impl Content {
    /// By the head of the request alone.
    pub(crate) fn of(method: &Method, path: &str, media_type: Option<&MediaType<'_>>) -> Self {
        if method.is_safe() {
            return Self::default();
        }
        let apis = ["/rest/servicedesk/", "/rest/servicedeskapi/", "/gateway/api/proforma/"];
        let data_call = apis.iter().any(|api| path.starts_with(api));
        let says_portal = ALWAYS_JSON.contains(&last_name(path));
        let is_multipart = media_type.is_some_and(MediaType::is_multipart);
        let file = is_multipart || last_name(path) == "attachTemporaryFile";
        Self {
            names: data_call && (says_portal || !file),
            // Read as a form, JSON would be a single field with an unknown name. So what may be
            // JSON is read as JSON.
            is_form: media_type.is_some_and(MediaType::is_form) && !says_portal,
            has_ambiguous_charset: media_type.is_some_and(MediaType::has_ambiguous_charset),
        }
    }

    /// Whether it may name a portal.
    pub(crate) fn may_name(self) -> bool {
        self.names
    }

    /// Whether its bytes could be read in another charset than here.
    pub(crate) fn has_ambiguous_charset(self) -> bool {
        self.has_ambiguous_charset
    }

    /// Visits the references in the whole body until `visit` fails.
    pub(crate) fn references<E: From<Ambiguous>>(
        self,
        body: &[u8],
        visit: impl FnMut(Reference<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if body.is_empty() {
            Ok(())
        } else if self.is_form {
            in_form(body, visit)
        } else {
            in_json(body, visit)
        }
    }
}

/// Whether a public portal in the body opens the call to everybody. That is so for one call only,
/// from which JSM's pages get everything. Other calls could be about something else than the portal
/// that they name.
pub(crate) fn opens_by_body(path: &str) -> bool {
    let call = path.strip_prefix("/rest/servicedesk/").and_then(|call| call.split_once('/'));
    let in_place = call.is_some_and(|(_, rest)| {
        rest.trim_end_matches('/').strip_prefix("customer/").is_some_and(|it| !it.contains('/'))
    });
    in_place && last_name(path) == "models"
}

/// The name of a call, without the suffix by which Jira's REST picks a format.
fn last_name(path: &str) -> &str {
    stem(path.trim_end_matches('/').rsplit('/').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::CONTENT_TYPE;
    use rstest::rstest;

    use super::*;

    fn content(method: &Method, path: &str, kind: &'static str) -> Content {
        let kind = (!kind.is_empty()).then(|| (CONTENT_TYPE, HeaderValue::from_static(kind)));
        let headers = kind.into_iter().collect();
        Content::of(method, path, MediaType::of(&headers).as_ref())
    }

    #[rstest]
    #[case("/rest/servicedesk/1/customer/models", "application/json", true)]
    #[case("/rest/servicedesk/1/customer/models", "text/plain", true)]
    #[case("/rest/servicedesk/1/customer/models", "multipart/form-data; boundary=x", true)]
    #[case("/rest/servicedesk/1/customer/models.json", "multipart/form-data", true)]
    #[case("/rest/servicedesk/1/customer/models.XML/", "multipart/form-data", true)]
    #[case("/rest/servicedesk/1/customer/x", "application/javascript", true)]
    #[case("/rest/servicedesk/1/customer/x", "", true)]
    #[case("/rest/servicedesk/1/customer/x", "multipart/form-data", false)]
    #[case("/rest/servicedesk/1/servicedesk/customer/comment", "text/plain", true)]
    #[case("/rest/servicedeskapi/request.json", "multipart/form-data", true)]
    #[case("/rest/servicedeskapi/servicedesk/12/attachTemporaryFile", "image/png", false)]
    #[case("/gateway/api/proforma/portal/cloudid/1/api/3/portal/2/request/5", "text/plain", true)]
    #[case("/servicedesk/customer/portal/2/create/66", "application/json", false)]
    fn whatever_type_a_data_call_claims_it_may_name_a_portal(
        #[case] path: &str,
        #[case] kind: &'static str,
        #[case] expected: bool,
    ) {
        assert_eq!(content(&Method::PUT, path, kind).may_name(), expected, "{path} {kind}");
        assert!(!content(&Method::GET, path, kind).may_name());
    }

    /// Other calls could be about something else than the portal they name.
    #[rstest]
    #[case("/rest/servicedesk/1/customer/models", true)]
    #[case("/rest/servicedesk/latest/customer/models.json", true)]
    #[case("/rest/servicedesk/1/customer/pages/user/models", false)]
    #[case("/rest/servicedesk/1/customer/comment", false)]
    #[case("/rest/servicedesk/1/servicedesk/customer/models", false)]
    #[case("/rest/servicedeskapi/request", false)]
    fn one_call_is_opened_by_a_public_portal_in_its_body(#[case] path: &str, #[case] open: bool) {
        assert_eq!(opens_by_body(path), open, "{path}");
    }
}
