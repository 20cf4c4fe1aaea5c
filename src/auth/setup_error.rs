//! Why the providers of a configuration cannot be set up. Must not know the provider at run time.

use crate::domain::ProviderId;

/// Why the authenticator could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The issuer or one of the gate's own addresses is not an address.
    #[error("provider {provider}: {text:?} is not an address: {source}")]
    Address {
        /// The provider it is configured for.
        provider: ProviderId,
        /// What was given.
        text: String,
        /// What is wrong with it.
        source: url::ParseError,
    },
    /// The extra certificate authority cannot be read.
    #[error("provider {provider}: cannot read ca_file {path}: {source}")]
    CertificateAuthority {
        /// The provider it is configured for.
        provider: ProviderId,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// No HTTP client can be made, most often because `ca_file` holds no certificate.
    #[error("provider {provider}: no HTTP client: {reason}")]
    HttpClient {
        /// The provider it is for.
        provider: ProviderId,
        /// Why.
        reason: String,
    },
    /// The issuer is reached over plain http somewhere else than on this machine.
    #[error("provider {provider}: the issuer must begin with https:// (http is for loopback only)")]
    PlainHttp {
        /// The provider it is configured for.
        provider: ProviderId,
    },
}
