//! XML signatures in the one form that SAML needs: enveloped, of the element that they stand in. Must not know
//! what a message means.

mod sign;
mod verify;

pub(crate) use sign::{key_info, sign};
pub use verify::SignatureError;
pub(crate) use verify::{certificate, verify, verify_message};

use ring::digest;
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512,
    VerificationAlgorithm,
};

/// Exclusive canonicalization without comments, the only one that is understood.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// The transform that leaves the signature itself out (signatures section 6.6.4).
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// What we sign and hash with.
pub(crate) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// What all signature algorithms are called that are taken, for people.
pub(crate) const ALGORITHMS: &str = "rsa-sha256, rsa-sha384 or rsa-sha512";
/// The same for digests.
const DIGESTS: &str = "sha256, sha384 or sha512";

/// The signature algorithm of this name. The list is closed: no SHA-1, no HMAC, no key that a message brings.
pub(crate) fn algorithm(uri: &str) -> Option<&'static dyn VerificationAlgorithm> {
    match uri {
        RSA_SHA256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => Some(&RSA_PKCS1_2048_8192_SHA384),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Some(&RSA_PKCS1_2048_8192_SHA512),
        _ => None,
    }
}

/// The digest algorithm of this name, from a closed list too.
fn digest_algorithm(uri: &str) -> Option<&'static digest::Algorithm> {
    match uri {
        SHA256 => Some(&digest::SHA256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Some(&digest::SHA384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Some(&digest::SHA512),
        _ => None,
    }
}
