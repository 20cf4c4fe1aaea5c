//! The codes: what pages, logs, metrics and the audit trail call a problem, and what
//! `docs/troubleshooting.md` explains.

use std::fmt;

use http::StatusCode;

/// Declares each code once: its name in the code, its text, the status of its response, and the
/// seconds after which trying again makes sense, if any. The page then tries by itself.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $text:literal $status:ident $(retry $seconds:literal)?;)*) => {
        /// What a problem is called.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as pages show it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The status of the response.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            /// Seconds after which trying again makes sense.
            #[must_use]
            pub const fn retry_after(self) -> Option<u32> {
                match self {
                    $($(Self::$name => Some($seconds),)?)*
                    _ => None,
                }
            }
        }

        impl super::Problem {
            /// What the problem is called.
            #[must_use]
            pub const fn code(&self) -> Code {
                match self { $(Self::$name { .. } => Code::$name,)* }
            }
        }
    };
}

codes! {
    /// The address, a header or the body is malformed, or servers might read it differently.
    BadRequest "bad-request" BAD_REQUEST;
    /// The method reaches no portal.
    MethodNotAllowed "method-not-allowed" METHOD_NOT_ALLOWED;
    /// There are more or larger headers than `[limits]` accepts.
    HeadersTooLarge "headers-too-large" REQUEST_HEADER_FIELDS_TOO_LARGE;
    /// The body is over `[limits] body_bytes`, or over what a page of the gate's own takes.
    BodyTooLarge "body-too-large" PAYLOAD_TOO_LARGE;
    /// A data call that has to be looked into is over `[limits] data_call_bytes`, or a form has longer texts
    /// than its page takes.
    TextTooLong "text-too-long" PAYLOAD_TOO_LARGE;
    /// The same, without saying how long it is (RFC 9110, 15.5.12).
    LengthRequired "length-required" LENGTH_REQUIRED;
    /// There are as many long texts under way as there is room for.
    TooManyTexts "too-many-texts" SERVICE_UNAVAILABLE retry 5;
    /// The gate does not answer for this host.
    WrongHost "wrong-host" MISDIRECTED_REQUEST;
    /// A page of another site would act in the customer's name.
    CrossSite "cross-site" FORBIDDEN;
    /// The form's token is not the session's.
    StaleForm "stale-form" FORBIDDEN;
    /// The address is one of Jira's that is not part of a portal.
    PathNotOpen "path-not-open" FORBIDDEN;
    /// Jira sent somebody who is logged in here to a login of its own.
    CustomerUnknown "customer-unknown" FORBIDDEN;
    /// More requests at once than `[limits]` lets a customer, or an address, have under way.
    TooManyRequests "too-many-requests" SERVICE_UNAVAILABLE retry 5;
    /// More WebSockets at once than `[limits]` lets a customer, or all of them, have.
    TooManyWebsockets "too-many-websockets" SERVICE_UNAVAILABLE retry 30;
    /// A body comes more slowly than the least rate.
    RequestTooSlow "request-too-slow" REQUEST_TIMEOUT;
    /// One address began more logins than `[limits] logins_per_minute`, or one session asked for more answers.
    TooManyLogins "too-many-logins" TOO_MANY_REQUESTS retry 60;
    /// A one-time link was followed before, or too late.
    LinkUsed "link-used" GONE;
    /// An emergency link was opened from outside `[emergency] networks`.
    EmergencyNetwork "emergency-network" FORBIDDEN;
    /// The gate has no such page.
    NotFound "not-found" NOT_FOUND;
    /// The identity is over `[limits] identity_bytes`.
    IdentityTooLarge "identity-too-large" FORBIDDEN;
    /// No portal has this link.
    PortalUnknown "portal-unknown" NOT_FOUND;
    /// JSM no longer lists this portal.
    PortalGone "portal-gone" GONE;
    /// The form of this request type has a required field that a hosted portal cannot show.
    TypeUnavailable "type-unavailable" NOT_FOUND;
    /// The desk's number in JSM's addresses is not known.
    PortalWithoutId "portal-without-id" SERVICE_UNAVAILABLE;
    /// The list of portals was never read, so nothing can be decided.
    DirectoryEmpty "directory-empty" SERVICE_UNAVAILABLE retry 10;
    /// A rule of the portal keeps this customer out.
    Refused "refused" FORBIDDEN;
    /// A rule of the portal asks for something that the provider did not tell of this customer.
    AccessUnknown "access-unknown" FORBIDDEN;
    /// JSM has no account for somebody, and none is made.
    CustomerMissing "customer-missing" FORBIDDEN;
    /// It cannot be told which account in JSM is somebody's.
    CustomerUnclear "customer-unclear" FORBIDDEN;
    /// JSM does not list somebody at the desk, and the configuration does not let them in.
    CustomerNotListed "customer-not-listed" FORBIDDEN;
    /// Somebody's account works in Jira, and the gate does not log such accounts in.
    CustomerStaff "customer-staff" FORBIDDEN;
    /// Jira was just told who somebody is, and does not let them in.
    JiraDenied "jira-denied" FORBIDDEN;
    /// Jira does not take the gate's word for who somebody is.
    JiraLoginRefused "jira-login-refused" BAD_GATEWAY;
    /// Jira took the gate's word, and forgot it right away.
    JiraLoginLost "jira-login-lost" BAD_GATEWAY;
    /// JSM, or the store, does not tell who somebody is.
    CustomersUnavailable "customers-unavailable" SERVICE_UNAVAILABLE retry 10;
    /// The portal takes logins of another provider only.
    OtherProvider "other-provider" FORBIDDEN;
    /// The portal wants a stronger or a more recent login.
    StepUpNeeded "step-up-needed" UNAUTHORIZED;
    /// The login just made still does not meet the portal's demands.
    StepUpFailed "step-up-failed" FORBIDDEN;
    /// A login is needed, and this request cannot be redirected to one.
    LoginNeeded "login-needed" UNAUTHORIZED;
    /// No service provider has this id.
    ServiceProviderUnknown "service-provider-unknown" NOT_FOUND;
    /// A service provider's request cannot be answered.
    SamlRequest "saml-request" BAD_REQUEST;
    /// A service provider's request has waited for too long.
    SamlRequestOld "saml-request-old" BAD_REQUEST;
    /// The gate cannot vouch for somebody to a service provider.
    NotVouched "not-vouched" FORBIDDEN;
    /// There are as many answers to service providers under way as can be signed in time.
    TooManyAnswers "too-many-answers" SERVICE_UNAVAILABLE retry 5;
    /// The session store does not answer.
    SessionsUnavailable "sessions-unavailable" SERVICE_UNAVAILABLE retry 10;
    /// Emergency access could not be written to the audit trail, so it does not happen.
    EmergencyUnaudited "emergency-unaudited" SERVICE_UNAVAILABLE;
    /// JSM cannot be reached.
    UpstreamUnreachable "upstream-unreachable" BAD_GATEWAY retry 10;
    /// JSM works on as many requests as `[forward] concurrency` allows, for too long.
    UpstreamBusy "upstream-busy" SERVICE_UNAVAILABLE retry 5;
    /// JSM took too long.
    UpstreamSlow "upstream-slow" GATEWAY_TIMEOUT retry 10;
    /// The gate made a mistake.
    Internal "internal" INTERNAL_SERVER_ERROR;
    /// No provider has this id.
    ProviderUnknown "provider-unknown" NOT_FOUND;
    /// The provider does not answer, or not as a provider should.
    ProviderUnreachable "provider-unreachable" SERVICE_UNAVAILABLE retry 10;
    /// The browser came back to log in again right after logging in, several times.
    LoginLoop "login-loop" FORBIDDEN;
    /// The cookie of the pending login could not be sealed.
    LoginCookie "login-cookie" BAD_GATEWAY;
    /// The provider does not take the login request.
    RequestRefused "request-refused" BAD_GATEWAY;
    /// The login is not, or no longer, pending in this browser.
    LoginExpired "login-expired" BAD_REQUEST;
    /// The callback is not a valid answer of a provider.
    CallbackInvalid "callback-invalid" BAD_REQUEST;
    /// The answer comes from another provider than the one asked (RFC 9207).
    IssuerMismatch "issuer-mismatch" BAD_REQUEST;
    /// The person cancelled the login at the provider.
    LoginCancelled "login-cancelled" FORBIDDEN;
    /// The login page stood open at the provider for too long.
    LoginTimedOut "login-timed-out" SERVICE_UNAVAILABLE;
    /// The provider says that it cannot answer at the moment.
    ProviderBusy "provider-busy" SERVICE_UNAVAILABLE;
    /// The provider refused the login.
    ProviderRefused "provider-refused" FORBIDDEN;
    /// The provider does not accept the gate's own credentials.
    ClientRejected "client-rejected" BAD_GATEWAY;
    /// The token endpoint answered with something else than tokens.
    TokenResponse "token-response" BAD_GATEWAY;
    /// The ID token does not prove who logged in.
    TokenInvalid "token-invalid" BAD_GATEWAY;
    /// UserInfo cannot be had or is about somebody else.
    UserInfoInvalid "user-info-invalid" BAD_GATEWAY;
    /// The provider does not vouch for the email address.
    EmailUnverified "email-unverified" FORBIDDEN;
    /// The address is of a mail domain that another provider answers for.
    EmailDomainElsewhere "email-domain-elsewhere" FORBIDDEN;
    /// The email address has no unambiguous domain.
    EmailInvalid "email-invalid" FORBIDDEN;
}

/// A code equals its text, so that it can be compared with what a page shows.
impl PartialEq<&str> for Code {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == *text
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_explained_in_the_documentation_and_nothing_else_is() {
        let page = include_str!("../../docs/troubleshooting.md");
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
        let is_code = |text: &&str| text.bytes().all(|b| b == b'-' || b.is_ascii_lowercase());
        let explained: BTreeSet<_> = rows.map(|(code, _)| code).filter(is_code).collect();
        let codes: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(explained, codes);
    }
}
