//! The stand-in provider's signing keys and the tokens they sign, right or wrong. Knows nothing of
//! what a token says.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rand::Rng;
use serde_json::{Map, Value, json};

use super::faults::Fault;

/// How the stand-in signs ID tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256; quick to make.
    Es256,
    /// RSA, 2048 bits.
    Rs256,
    /// RSA, so short that anybody can find the private key.
    Rs256Short,
}

impl SigningAlgorithm {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Rs256 | Self::Rs256Short => "RS256",
        }
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 | Self::Rs256Short => Algorithm::RS256,
        }
    }
}

/// A key with its id.
#[derive(Clone)]
pub(super) struct SigningKey {
    id: String,
    algorithm: SigningAlgorithm,
    key: Arc<EncodingKey>,
}

impl SigningKey {
    pub(super) fn generate(algorithm: SigningAlgorithm) -> io::Result<Self> {
        let key = match algorithm {
            SigningAlgorithm::Es256 => es256().map_err(io::Error::other)?,
            SigningAlgorithm::Rs256 => rs256(2048).map_err(io::Error::other)?,
            SigningAlgorithm::Rs256Short => rs256(512).map_err(io::Error::other)?,
        };
        Ok(Self { id: random(), algorithm, key: Arc::new(key) })
    }

    /// The same key under another's name.
    pub(super) fn named_as(self, other: &Self) -> Self {
        Self { id: other.id.clone(), ..self }
    }

    /// The public part, as published.
    pub(super) fn public(&self) -> Value {
        let jwk = Jwk::from_encoding_key(&self.key, self.algorithm.algorithm());
        let mut jwk = jwk.ok().and_then(|jwk| serde_json::to_value(jwk).ok()).unwrap_or_default();
        if let Value::Object(members) = &mut jwk {
            members.insert("kid".to_owned(), json!(self.id));
            members.insert("use".to_owned(), json!("sig"));
        }
        jwk
    }

    /// Signs a payload into a compact JWT, or into what the faults make of one.
    pub(super) fn token(&self, payload: &str, secret: &str, faults: &[Fault]) -> Option<String> {
        let has = |fault| faults.contains(&fault);
        let foreign = || Self::generate(self.algorithm).ok();
        if has(Fault::EmbeddedKey) {
            let other = foreign()?;
            return other.compact(&self.header(faults, &[("jwk", other.public())]), payload);
        }
        if has(Fault::UnknownKey) {
            let other = foreign()?;
            return other.compact(&other.header(faults, &[]), payload);
        }
        if has(Fault::Unsigned) {
            let header = self.header(faults, &[("alg", json!("none"))]);
            return Some(format!("{}.{}.", encode(&header), encode(payload)));
        }
        let public = self.public().to_string();
        for (fault, secret) in
            [(Fault::HmacWithPublicKey, public.as_str()), (Fault::HmacWithClientSecret, secret)]
        {
            if has(fault) {
                let header = self.header(faults, &[("alg", json!("HS256"))]);
                let key = EncodingKey::from_secret(secret.as_bytes());
                return signed(&header, payload, payload, &key, Algorithm::HS256);
            }
        }
        let header = self.header(faults, &[]);
        if has(Fault::BadSignature) {
            return signed(&header, payload, "other", &self.key, self.algorithm.algorithm());
        }
        self.compact(&header, payload)
    }

    fn compact(&self, header: &str, payload: &str) -> Option<String> {
        signed(header, payload, payload, &self.key, self.algorithm.algorithm())
    }

    fn header(&self, faults: &[Fault], more: &[(&str, Value)]) -> String {
        let mut header = Map::new();
        header.insert("typ".to_owned(), json!("JWT"));
        header.insert("alg".to_owned(), json!(self.algorithm.name()));
        header.insert("kid".to_owned(), json!(self.id));
        header.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        for fault in faults {
            match fault {
                Fault::Header(name, value) => {
                    header.insert((*name).to_owned(), value.clone());
                }
                Fault::NoHeader(name) => {
                    header.remove(*name);
                }
                Fault::NoKeyIds => {
                    header.remove("kid");
                }
                _ => {}
            }
        }
        Value::Object(header).to_string()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("SigningKey").field(&self.id).finish()
    }
}

/// 128 random bits as text.
pub(super) fn random() -> String {
    let mut bytes = [0_u8; 16];
    rand::rng().fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Signs `seen` but sends `payload`; they are the same in every honest token.
fn signed(
    header: &str,
    payload: &str,
    seen: &str,
    key: &EncodingKey,
    algorithm: Algorithm,
) -> Option<String> {
    let message = format!("{}.{}", encode(header), encode(seen));
    let signature = crypto::sign(message.as_bytes(), key, algorithm).ok()?;
    Some(format!("{}.{}.{signature}", encode(header), encode(payload)))
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn es256() -> Result<EncodingKey, rcgen::Error> {
    let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    Ok(EncodingKey::from_ec_der(pair.serialized_der()))
}

fn rs256(bits: usize) -> Result<EncodingKey, rsa::Error> {
    use rsa::pkcs1::EncodeRsaPrivateKey;

    let mut random = rsa::rand_core::OsRng;
    let key = rsa::RsaPrivateKey::new(&mut random, bits)?;
    let der = key.to_pkcs1_der()?;
    Ok(EncodingKey::from_rsa_der(der.as_bytes()))
}
