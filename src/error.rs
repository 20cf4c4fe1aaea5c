//! Everything that can go wrong with a request, as it is told to a person: one row a problem, with
//! the code that `docs/troubleshooting.md` explains.

use http::StatusCode;

use crate::access::Refusal;
use crate::domain::{Portal, PublicUrl};

/// A request that is not served, and what to say about it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The status of the response.
    pub status: StatusCode,
    /// The code the documentation explains.
    pub code: &'static str,
    /// The heading of the page.
    pub title: &'static str,
    /// What happened, in one or two plain sentences.
    pub text: String,
    /// What to do now.
    pub remedy: String,
    /// Seconds after which trying again makes sense; the page then tries by itself.
    pub retry_after: Option<u32>,
    /// The login that would help. In a box, because most problems have none.
    pub login: Option<Box<Login>>,
}

/// A login that a page offers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Login {
    /// What customers know the provider as.
    pub name: String,
    /// Where the login leads; which provider it takes follows from that.
    pub return_to: String,
}

impl Problem {
    /// A problem that will not go away by waiting.
    #[must_use]
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        text: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title,
            text: text.into(),
            remedy: remedy.into(),
            retry_after: None,
            login: None,
        }
    }

    /// The same, worth trying again after `seconds`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

/// What is wrong with the request itself.
impl Problem {
    /// An address or header that servers might read differently.
    #[must_use]
    pub fn bad_request(reason: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "This address cannot be opened",
            format!("The request was not passed on: {reason}."),
            "Check the link, or start from the list of portals.",
        )
    }

    /// A method that reaches no portal.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "This kind of request is not accepted",
            "The method of the request is not one that the portal uses.",
            "Go back and follow a link or button of the page.",
        )
    }

    /// More or larger headers than `[limits]` accepts.
    #[must_use]
    pub fn headers_too_large() -> Self {
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers-too-large",
            "Your browser sent too much",
            "The request's headers are larger than is accepted here; mostly it is cookies that have piled up.",
            "Delete the cookies of this site and open the link again.",
        )
    }

    /// A body over `[limits] body_bytes`.
    #[must_use]
    pub fn body_too_large(limit: u64) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body-too-large",
            "The upload is too large",
            format!("At most {} can be sent at once.", bytesize::ByteSize(limit)),
            "Attach a smaller file, or several one after the other.",
        )
    }

    /// A host the gate does not answer for.
    #[must_use]
    pub fn wrong_host(public_url: &PublicUrl) -> Self {
        Self::new(
            StatusCode::MISDIRECTED_REQUEST,
            "wrong-host",
            "Nothing is served under this name",
            format!("The portals are at {public_url}."),
            format!("Open {public_url} instead."),
        )
    }

    /// A form of another site that would act in the customer's name.
    #[must_use]
    pub fn cross_site() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "cross-site",
            "This request came from another site",
            "A page of another site tried to change something here; it was stopped.",
            "If you meant to do this, open the portal and do it there.",
        )
    }

    /// A form whose token is not the session's.
    #[must_use]
    pub fn stale_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "stale-form",
            "This page is out of date",
            "The form belongs to an earlier login.",
            "Go back, reload the page and try again.",
        )
    }

    /// An address of Jira that is not part of a portal.
    #[must_use]
    pub fn path_not_open() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "path-not-open",
            "This address is not open here",
            "Only the portals can be reached here, and this address is another part of Jira.",
            "Start from the list of portals. If you work in Jira, use its own address.",
        )
    }

    /// More logins from one address than `[limits] logins_per_minute`.
    #[must_use]
    pub fn too_many_logins() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-logins",
            "Too many logins at once",
            "More logins began at your network's address within a minute than are accepted here.",
            "This page goes on by itself as soon as it can.",
        )
        .retry_after(60)
    }

    /// A one-time link that was followed before, or too late.
    #[must_use]
    pub fn link_used() -> Self {
        Self::new(
            StatusCode::GONE,
            "link-used",
            "This link is no longer valid",
            "It could be opened once and for a short time only.",
            "Ask whoever gave it to you for a new one.",
        )
    }

    /// A link for emergency access, opened from elsewhere than `[emergency] networks`.
    #[must_use]
    pub fn emergency_network() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "emergency-network",
            "This link cannot be opened from here",
            "Links like this one open from certain networks only, and yours is not among them.",
            "Open it from the network of your organisation; the link is not used up.",
        )
    }

    /// One of the gate's own addresses that does not exist.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not-found",
            "There is no such page",
            "The address leads nowhere.",
            "Check the link, or start from the list of portals.",
        )
    }
}

/// What is wrong with the customer's account.
impl Problem {
    /// An identity over `[limits] identity_bytes`.
    #[must_use]
    pub fn identity_too_large(bytes: usize, limit: usize) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "identity-too-large",
            "Your account is in too many groups",
            format!(
                "What your organisation's login says about you takes {bytes} bytes; \
                 the portal is told {limit} at most."
            ),
            "Ask your help desk; somebody has to change what the login says about you.",
        )
    }
}

/// What is wrong with the portal that was asked for.
impl Problem {
    /// A link that no portal has.
    #[must_use]
    pub fn portal_unknown() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "portal-unknown",
            "There is no such portal",
            "No portal has this link.",
            "Check the link for a typing mistake, or start from the list of portals.",
        )
    }

    /// A portal that was there once.
    #[must_use]
    pub fn portal_gone(portal: &Portal) -> Self {
        Self::new(
            StatusCode::GONE,
            "portal-gone",
            "This portal is no longer there",
            format!("“{}” has been closed or moved.", portal.name),
            "Start from the list of portals, or ask your contact for the new link.",
        )
    }

    /// A desk whose number in JSM's addresses is not known.
    #[must_use]
    pub fn portal_without_id(portal: &Portal) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "portal-without-id",
            "This portal is not set up yet",
            format!("JSM does not tell the address of “{}”.", portal.name),
            "Your administrator can set `portal_id` for it in the configuration.",
        )
    }

    /// The list of portals was never read, so nothing can be decided.
    #[must_use]
    pub fn directory_empty() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "directory-empty",
            "The portals are not known yet",
            "The list of portals could not be read from Jira Service Management so far.",
            "This page goes on by itself as soon as it can.",
        )
        .retry_after(10)
    }

    /// Logged in, but not allowed; said without what the rule names.
    #[must_use]
    pub fn refused(portal: &Portal, refusal: Refusal) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "refused",
            "You do not have access to this portal",
            format!("“{}” {refusal}.", portal.name),
            "Log in as someone else, or ask your contact at the help desk to let this account in.",
        )
    }

    /// Logged in, but with another provider than the portal's.
    #[must_use]
    pub fn other_provider(portal: &Portal, login: Login) -> Self {
        let (portal, provider) = (&portal.name, &login.name);
        let mut problem = Self::new(
            StatusCode::FORBIDDEN,
            "other-provider",
            "This portal needs another login",
            format!("“{portal}” is open to those who log in with “{provider}”."),
            format!("Log in with “{provider}”; it takes the place of your present login here."),
        );
        problem.login = Some(Box::new(login));
        problem
    }

    /// The same, for a login that is weaker or longer ago than a portal wants.
    #[must_use]
    pub fn step_up_needed(portal: &Portal) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "step-up-needed",
            "This portal needs another login",
            format!("“{}” wants a stronger or a more recent login than yours.", portal.name),
            "Open the portal again; the login starts then.",
        )
    }

    /// A login that was asked for by a portal's demands and still does not meet them.
    #[must_use]
    pub fn step_up_failed(portal: &Portal) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "step-up-failed",
            "This login is not enough for this portal",
            format!(
                "“{}” wants a stronger or a more recent login than the one just made.",
                portal.name
            ),
            "Log in again with what your organisation asks for, such as a second factor; if that \
             does not help, tell your help desk. Other portals are open to you as before.",
        )
    }

    /// A request that cannot be redirected to a login.
    #[must_use]
    pub fn login_needed() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "login-needed",
            "You are not logged in",
            "You have to log in before you can do this; your last login may have ended.",
            "Log in and try again.",
        )
    }
}

/// What is wrong behind the gate.
impl Problem {
    /// The session store does not answer.
    #[must_use]
    pub fn sessions_unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "sessions-unavailable",
            "Logins cannot be checked right now",
            "The gate cannot look up who is logged in.",
            "This page goes on by itself as soon as it can.",
        )
        .retry_after(10)
    }

    /// Emergency access that cannot be put into the audit trail does not happen.
    #[must_use]
    pub fn emergency_unaudited() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "emergency-unaudited",
            "Emergency access is not possible right now",
            "It has to be written down who comes in by it, and that did not work.",
            "Tell whoever gave you the link; they can make a new one once it works again.",
        )
    }

    /// JSM cannot be reached.
    #[must_use]
    pub fn upstream_unreachable() -> Self {
        Self::new(
            StatusCode::BAD_GATEWAY,
            "upstream-unreachable",
            "The portal does not answer",
            "Jira Service Management cannot be reached at the moment. You are still logged in.",
            "Try again in a minute.",
        )
    }

    /// JSM took too long.
    #[must_use]
    pub fn upstream_slow() -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "upstream-slow",
            "The portal takes too long",
            "Jira Service Management did not answer in time. You are still logged in.",
            "Try again in a minute; before you send a form again, look whether it arrived.",
        )
    }

    /// A mistake of the gate's own.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "Something went wrong here",
            "The gate could not finish the request.",
            "Try again; if it happens again, tell your help desk the code and request number below.",
        )
    }
}
