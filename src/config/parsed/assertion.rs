//! `[forward.assertion]` as the rest of the gate sees it.

use std::time::Duration;

use http::HeaderName;

/// `[forward.assertion]`: a signed header that proves who the customer is.
#[derive(Clone, Debug)]
pub struct AssertionConfig {
    /// The header that carries it.
    pub header: HeaderName,
    /// `aud`: whom it is for.
    pub audience: String,
    /// From `iat` to `exp`; at most five minutes.
    pub lifetime: Duration,
    /// How long a key signs.
    pub rotate: Duration,
}
