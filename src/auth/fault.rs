//! What can be wrong with a provider's documents and with the tokens that it signs. Must not know
//! what becomes of a fault.

use http::StatusCode;

/// Why a provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error("{url} cannot be read: {reason}")]
    Unreachable { url: String, reason: String },
    #[error("{url} answered {status}")]
    Status { url: String, status: StatusCode },
    #[error("{url} is not a discovery document: {source}")]
    Malformed { url: String, source: serde_json::Error },
    #[error("{url} is not a key set: {reason}")]
    NoKeySet { url: String, reason: String },
    #[error("the document is of issuer {found:?}; set issuer to exactly that if it is the one")]
    OtherIssuer { found: String },
    #[error("the document names no {0}")]
    NoMember(&'static str),
    #[error("the document's {name} is not {expected}")]
    OddMember { name: &'static str, expected: &'static str },
    #[error("{name} {url} is not an https address that belongs to a public issuer")]
    UnsafeEndpoint { name: &'static str, url: String },
    #[error("it signs ID tokens in no way that is allowed; it announces {announced}")]
    NoAlgorithm { announced: String },
    #[error("its token endpoint does not take {0}")]
    NoClientAuthentication(&'static str),
    #[error("par is on, but it has no pushed_authorization_request_endpoint")]
    NoPushedRequests,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JwsFault {
    /// It is not three parts of base64url with JSON objects, or its header asks for more than the
    /// gate understands (RFC 7515 section 4.1.11).
    #[error("it is no signed token")]
    Malformed,
    /// The algorithm is not among those that are allowed and announced.
    #[error("its algorithm is not allowed")]
    Algorithm,
    /// The provider publishes no key of this name and kind. Its newest key set may have one.
    #[error("the provider publishes no key of that name and kind")]
    NoKey,
    /// The key exists and the signature does not match. The provider may have replaced the key.
    #[error("its signature is wrong")]
    Signature,
}

impl JwsFault {
    /// Whether the provider's newest keys may give another result. A provider may replace a key and
    /// keep its name (RFC 7517 section 4.5 does not forbid it).
    pub(super) fn may_pass(self) -> bool {
        matches!(self, Self::NoKey | Self::Signature)
    }
}
