//! The ways in which the stand-in provider can be told to misbehave. Says what, not how.

use std::time::Duration;

use serde_json::Value;

/// One way to misbehave.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// A claim of the ID token has this value instead.
    Claim(&'static str, Value),
    /// The ID token lacks a claim.
    NoClaim(&'static str),
    /// The ID token's payload is this JSON text.
    Payload(String),
    /// A claim occurs a second time, with this value, at the end of the payload.
    ClaimTwice(&'static str, Value),
    /// A member of the ID token's header has this value instead.
    Header(&'static str, Value),
    /// The ID token's header lacks a member.
    NoHeader(&'static str),
    /// The signature is of something else.
    BadSignature,
    /// `alg` is `none` and the signature empty.
    Unsigned,
    /// `HS256`, with the text of the published key as the secret.
    HmacWithPublicKey,
    /// `HS256`, with the client secret.
    HmacWithClientSecret,
    /// Signed with a key that is nowhere published but comes along in the header as `jwk`.
    EmbeddedKey,
    /// Signed with a key that is nowhere published, under a `kid` nobody knows.
    UnknownKey,
    /// The ID token has five parts, as an encrypted one.
    Encrypted,
    /// The token response has no ID token.
    NoIdToken,
    /// The token endpoint answers so late.
    SlowToken(Duration),
    /// The token endpoint answers with this status and this JSON.
    TokenAnswer(u16, Value),
    /// A member of the token endpoint's answer has this value instead; `null` removes it.
    TokenMember(&'static str, Value),
    /// UserInfo answers with this status, content type and body.
    UserInfoAnswer(u16, &'static str, String),
    /// A claim of UserInfo has this value instead.
    UserInfoClaim(&'static str, Value),
    /// The ID token has no claims about the person beyond `sub`; UserInfo has.
    SlimIdToken,
    /// Whoever is logged in is never asked again, whatever `prompt` says.
    IgnoredPrompt,
    /// `iss` in the authorization response is this, or is missing.
    CallbackIssuer(Option<String>),
    /// Discovery does not announce that responses carry `iss`, and they do not.
    NoIssuerInResponses,
    /// A member of the discovery document has this value instead; `null` removes it.
    Discovery(&'static str, Value),
    /// Discovery answers with a redirect there.
    DiscoveryRedirect(String),
    /// Discovery answers with so many bytes.
    DiscoverySize(usize),
    /// Discovery answers with this status.
    DiscoveryStatus(u16),
    /// The keys are answered so late.
    SlowKeys(Duration),
    /// The keys are answered with this status.
    KeysStatus(u16),
    /// After logout browsers come back with this state, or with none.
    LogoutState(Option<String>),
    /// The keys have no `kid`, and neither has the ID token's header.
    NoKeyIds,
}
