//! A provider's key set (RFC 7517), read key by key: a key that cannot be read, or is too weak to
//! prove anything, is left out and does not harm the others. Must not know what the keys verify.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use openidconnect::core::CoreJsonWebKey;
use serde_json::Value;
use url::Url;

use crate::auth::claims::Claims;
use crate::auth::fault::Fault;
use crate::auth::http::HttpClient;
use crate::auth::text::shown;

/// A key of 2048 bits or more MUST be used (RFC 7518 sections 3.3 and 3.5).
const LEAST_RSA_BITS: usize = 2048;

/// The public exponent is odd and above 2^16 (FIPS 186-5 appendix A.1.1): with 1 everybody signs.
const LEAST_RSA_EXPONENT: u64 = 65_537;

/// The keys of a provider.
#[derive(Clone, Debug, Default)]
pub(in crate::auth) struct Keys {
    pub(in crate::auth) usable: Vec<CoreJsonWebKey>,
    /// Signing keys that are too weak, each with the reason.
    pub(in crate::auth) weak: Vec<String>,
}

/// Reads the keys of a provider.
pub(in crate::auth) async fn keys(url: &Url, http: &HttpClient) -> Result<Keys, Fault> {
    let answer = http.get(url).await?;
    if answer.status() != StatusCode::OK {
        let reason = format!("it answered {}", answer.status());
        return Err(Fault::Unreachable { url: url.to_string(), reason });
    }
    let set: Claims = serde_json::from_slice(answer.body())
        .map_err(|source| Fault::NoKeySet { url: url.to_string(), reason: source.to_string() })?;
    let Some(Value::Array(all)) = set.lookup("keys") else {
        let reason = "keys is not a list".to_owned();
        return Err(Fault::NoKeySet { url: url.to_string(), reason });
    };
    Ok(read(all))
}

fn read(all: &[Value]) -> Keys {
    let mut keys = Keys::default();
    for key in all {
        match weakness(key) {
            Some(reason) => {
                let name = key.get("kid").and_then(Value::as_str).unwrap_or("without kid");
                keys.weak.push(format!("{}: {reason}", shown(name)));
            }
            // Key types and curves that the library does not know sign nothing for us.
            None => keys.usable.extend(serde_json::from_value(key.clone()).ok()),
        }
    }
    keys
}

/// Why a key proves nothing: whoever knows the public key can sign too.
fn weakness(key: &Value) -> Option<String> {
    if key.get("use").is_some_and(|usage| usage == "enc") {
        return None;
    }
    let bytes = |name: &str| {
        let text = key.get(name).and_then(Value::as_str).unwrap_or_default();
        let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
        bytes.into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>()
    };
    match key.get("kty").and_then(Value::as_str)? {
        "RSA" => weak_rsa(&bytes("n"), &bytes("e")),
        "OKP" => weak_ed25519(key.get("x")?.as_str()?),
        // A published secret is none.
        "oct" => Some("it is a shared secret".to_owned()),
        _ => None,
    }
}

/// Both numbers are without leading zeros.
fn weak_rsa(modulus: &[u8], exponent: &[u8]) -> Option<String> {
    let unused = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    let bits = modulus.len() * 8 - unused;
    if bits < LEAST_RSA_BITS {
        return Some(format!("RSA of {bits} bits, and {LEAST_RSA_BITS} is the least"));
    }
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte % 2 == 1);
    // A number that does not fit into 64 bits is large enough.
    let value = exponent.iter().try_fold(0_u64, |value, byte| {
        Some(value.checked_mul(256)?.saturating_add(u64::from(*byte)))
    });
    let large = value.is_none_or(|value| value >= LEAST_RSA_EXPONENT);
    (!odd(modulus) || !odd(exponent) || !large)
        .then(|| "RSA with an exponent or modulus that anybody can sign for".to_owned())
}

/// A point of small order: one signature fits many messages.
fn weak_ed25519(x: &str) -> Option<String> {
    let point = URL_SAFE_NO_PAD.decode(x.trim_end_matches('=')).ok()?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(&point.try_into().ok()?).ok()?;
    key.is_weak().then(|| "Ed25519 with a point of small order".to_owned())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn number(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn rsa(bits: usize, exponent: &[u8]) -> Value {
        let mut modulus = vec![0xff; bits / 8];
        modulus.splice(0..0, [0, 0]);
        json!({"kty": "RSA", "kid": "k", "n": number(&modulus), "e": number(exponent)})
    }

    const USUAL: &[u8] = &[1, 0, 1];

    #[rstest]
    #[case::usual(rsa(2048, USUAL), "")]
    #[case::long(rsa(4096, USUAL), "")]
    #[case::long_exponent(rsa(2048, &[0xff; 16]), "")]
    #[case::for_encryption(json!({"kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB"}), "")]
    #[case::very_short(rsa(512, USUAL), "512 bits")]
    #[case::short(rsa(1024, USUAL), "1024 bits")]
    #[case::a_byte_short(rsa(2040, USUAL), "2040 bits")]
    #[case::nothing(json!({"kty": "RSA"}), "0 bits")]
    #[case::one(rsa(2048, &[1]), "anybody")]
    #[case::three(rsa(2048, &[3]), "anybody")]
    #[case::even(rsa(2048, &[1, 0, 2]), "anybody")]
    #[case::no_exponent(rsa(2048, &[]), "anybody")]
    #[case::shared(json!({"kty": "oct", "k": "c2VjcmV0"}), "shared secret")]
    #[case::small_order(json!({"kty": "OKP", "crv": "Ed25519", "x": number(&identity())}), "small order")]
    fn d8_a_weak_key_is_left_out(#[case] key: Value, #[case] reason: &str) {
        let keys = read(&[key]);
        if reason.is_empty() {
            assert_eq!((keys.usable.len(), keys.weak), (1, Vec::new()));
        } else {
            assert!(keys.usable.is_empty() && keys.weak[0].contains(reason), "{:?}", keys.weak);
        }
    }

    /// The neutral element: its signature fits every message.
    fn identity() -> [u8; 32] {
        let mut point = [0; 32];
        point[0] = 1;
        point
    }
}
