//! One login session, the two halves of its cookie, and the name it is stored under.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;
use subtle::ConstantTimeEq as _;
use tokio::time::Instant;

use super::upstream_headers::Slot;
use super::vouched::{Schedule, Vouched};
use super::whose::Whose;
use crate::domain::{Identity, LinkName};

/// 192 bits, a multiple of what base64 writes without a rest.
const HALF_BYTES: usize = 24;
const HALF_TEXT: usize = HALF_BYTES / 3 * 4;

/// How far the time of the latest request in a store may be behind, in seconds: so often, at most,
/// a session in use is written.
const WRITE_USE_EVERY: u64 = 60;

/// What the browser's cookie holds: `name.secret`. The record is found by a hash of the name and
/// opened with the secret. Neither is ever stored or printed.
pub struct SessionId {
    name: [u8; HALF_BYTES],
    secret: [u8; HALF_BYTES],
}

impl SessionId {
    /// A new one from the operating system's random source.
    #[must_use]
    pub fn random() -> Self {
        Self { name: rand::random(), secret: rand::random() }
    }

    /// Reads a cookie's value; `None` for anything a gate did not make. The length is looked at
    /// first, so that an oversized value costs nothing (threats.md G8).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != HALF_TEXT + 1 + HALF_TEXT {
            return None;
        }
        let (name, secret) = text.split_once('.')?;
        Some(Self { name: half(name)?, secret: half(secret)? })
    }

    /// The cookie's value.
    #[must_use]
    pub fn cookie_value(&self) -> String {
        let [name, secret] = [self.name, self.secret].map(|it| BASE64_URL_SAFE_NO_PAD.encode(it));
        format!("{name}.{secret}")
    }

    /// What finds and opens the record: who reads the store cannot make the cookie from the key.
    #[must_use]
    pub fn opener(&self) -> Opener {
        Opener { key: SessionKey(Sha256::digest(self.name).into()), secret: self.secret }
    }
}

fn half(text: &str) -> Option<[u8; HALF_BYTES]> {
    let mut bytes = [0; HALF_BYTES];
    let written = BASE64_URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    (written == HALF_BYTES).then_some(bytes)
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(***)")
    }
}

/// What a cookie comes to: where its record is, and the secret that opens it.
#[derive(Clone)]
pub struct Opener {
    /// Where it is stored.
    pub key: SessionKey,
    secret: [u8; HALF_BYTES],
}

impl Opener {
    /// Another cookie's secret at this place.
    #[cfg(test)]
    pub(super) fn of(key: SessionKey, other: &Self) -> Self {
        Self { key, secret: other.secret }
    }

    /// The half that only the browser holds, for whoever derives keys from it.
    pub(super) fn secret(&self) -> &[u8] {
        &self.secret
    }

    /// Whether both halves are those of another. Takes as long whatever the difference.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.key == other.key && self.secret.ct_eq(&other.secret).into()
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opener({:?}, ***)", self.key)
    }
}

/// SHA-256 of the first half of a [`SessionId`].
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// As it is written in a store.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As it was written in a store.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for SessionKey {
    /// The first bytes are enough to tell two sessions apart in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// What a login brings into a session.
#[derive(Clone, Debug)]
pub struct Login {
    /// Who logged in.
    pub identity: Identity,
    /// The provider's own name for its session (`sid`), by which it may end ours.
    pub sid: Option<SmolStr>,
    /// What the provider gave.
    pub tokens: Tokens,
}

/// The tokens of a login that are worth keeping. They are kept in the store alone: they are long,
/// and no request needs them.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The ID token: the hint that RP-initiated logout sends back. Empty where there is none.
    pub id: SecretString,
    /// Of use for nothing but to be revoked, and not kept where it cannot be.
    pub access: Option<SecretString>,
    /// Gets new tokens.
    pub refresh: Option<SecretString>,
    /// How long they are good, where they are to be refreshed.
    pub vouched: Option<Vouched>,
}

/// A login: who, and since when. Its tokens are the store's to keep.
#[derive(Debug)]
pub struct Session {
    /// What finds and opens its record.
    pub opener: Opener,
    /// Who logged in.
    pub identity: Identity,
    /// The provider's own name for its session.
    pub sid: Option<SmolStr>,
    /// What guards its forms.
    pub form_token: FormToken,
    /// Unix seconds of the login.
    pub created: u64,
    /// How long the provider's word for it is good, where that is to be refreshed.
    pub vouched: Option<Vouched>,
    schedule: Schedule,
    /// What the upstream is told of it.
    pub upstream_headers: Slot,
    /// Unix seconds of the latest request.
    last_used: AtomicU64,
    /// The same as the store knows it.
    written_use: AtomicU64,
    /// Portals it has reached.
    opened: Mutex<Vec<LinkName>>,
    /// Whether its end was told.
    end_told: AtomicBool,
}

/// What a store keeps of a session for as long as it lasts.
#[derive(Deserialize, Serialize)]
pub(super) struct Kept {
    identity: Identity,
    sid: Option<SmolStr>,
    form_token: FormToken,
    created: u64,
    pub(super) vouched: Option<Vouched>,
}

/// Guards the forms of one session against requests that other sites make (CSRF).
#[derive(Clone, Copy, Deserialize, Eq, PartialEq, Serialize)]
pub struct FormToken([u8; 16]);

impl FormToken {
    fn random() -> Self {
        Self(rand::random())
    }

    /// As it is written in a form.
    #[must_use]
    pub fn text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Whether a form was this session's own. Takes as long whatever the difference.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.text().as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl fmt::Debug for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FormToken(***)")
    }
}

impl Session {
    /// A session that begins at `now` (Unix seconds), without the tokens.
    #[must_use]
    pub fn new(opener: Opener, login: Login, now: u64) -> Self {
        let Login { identity, sid, tokens } = login;
        let (form_token, vouched) = (FormToken::random(), tokens.vouched);
        let kept = Kept { identity, sid, form_token, created: now, vouched };
        Self::restored(opener, kept, now)
    }

    /// A session as a store has it.
    pub(super) fn restored(opener: Opener, kept: Kept, last_used: u64) -> Self {
        let Kept { identity, sid, form_token, created, vouched } = kept;
        Self {
            schedule: Schedule::new(vouched, &opener.key),
            vouched,
            opener,
            identity,
            sid,
            form_token,
            created,
            upstream_headers: Slot::default(),
            last_used: AtomicU64::new(last_used),
            written_use: AtomicU64::new(last_used),
            opened: Mutex::default(),
            end_told: AtomicBool::new(false),
        }
    }

    /// What a store keeps of it, besides the time of the latest request.
    pub(super) fn kept(&self) -> Kept {
        Kept {
            identity: self.identity.clone(),
            sid: self.sid.clone(),
            form_token: self.form_token,
            created: self.created,
            vouched: self.vouched,
        }
    }

    /// The same session after the provider was asked again. It has begun when it began.
    pub(super) fn renewed(&self, identity: Identity, vouched: Option<Vouched>) -> Self {
        let kept = Kept { identity, vouched, ..self.kept() };
        let newer = Self::restored(self.opener.clone(), kept, self.last_used());
        let schedule = Schedule::new(vouched, self.key());
        let renewed = vouched != self.vouched;
        let schedule = if renewed { schedule } else { schedule.after(&self.schedule) };
        Self { schedule, opened: Mutex::new(self.opened.lock().clone()), ..newer }
    }

    /// Whether the provider is to be asked again.
    #[must_use]
    pub fn is_refresh_due(&self, now: u64) -> bool {
        self.schedule.is_due(now)
    }

    /// Whether the provider's word is no longer good, and it was not asked in vain since.
    pub(super) fn is_outdated(&self, now: u64) -> bool {
        self.vouched.is_some_and(|vouched| now >= vouched.until) && !self.schedule.has_failed()
    }

    /// Whether somebody used it since the provider was asked.
    pub(super) fn was_used_since_refresh(&self) -> bool {
        self.vouched.is_some_and(|vouched| self.last_used() > vouched.since)
    }

    /// After a failure; tells whether it was the first in a row.
    pub(super) fn put_off_refresh(&self, now: u64) -> bool {
        self.schedule.put_off(now)
    }

    /// Until when its requests wait for the provider: so long after the first of them.
    pub(super) fn waits_until(&self, patience: Duration) -> Instant {
        self.schedule.waits_until(patience)
    }

    /// While another gate refreshes it.
    pub(super) fn look_again_soon(&self, now: u64) {
        self.schedule.look_again_soon(now);
    }

    /// Where it is stored.
    #[must_use]
    pub fn key(&self) -> &SessionKey {
        &self.opener.key
    }

    /// Everything it can be ended by, besides its own key.
    pub fn belongs_to(&self) -> impl Iterator<Item = Whose> {
        let provider = &self.identity.provider;
        let subject = Whose::Subject(provider.clone(), self.identity.subject.to_string());
        let sid = self.sid.as_ref();
        let sid = sid.map(|sid| Whose::AtProvider(provider.clone(), sid.to_string()));
        std::iter::once(subject).chain(sid)
    }

    /// Unix seconds of the latest request.
    #[must_use]
    pub fn last_used(&self) -> u64 {
        self.last_used.load(Ordering::Relaxed)
    }

    /// Notes that it reached a portal, and tells whether for the first time.
    pub fn opens(&self, link: &LinkName) -> bool {
        let mut opened = self.opened.lock();
        let first = !opened.contains(link);
        if first {
            opened.push(link.clone());
        }
        first
    }

    /// Notes that it was found to be over, and tells whether for the first time.
    pub(super) fn is_first_seen_over(&self) -> bool {
        !self.end_told.swap(true, Ordering::Relaxed)
    }

    /// Notes a request of which the store knows already.
    pub(super) fn was_used(&self, at: u64) {
        self.last_used.fetch_max(at, Ordering::Relaxed);
    }

    /// Notes a request at `now` (Unix seconds), and tells whether it is time to tell the store.
    pub fn touch(&self, now: u64) -> bool {
        self.was_used(now);
        let written = self.written_use.load(Ordering::Relaxed);
        let due = now >= written.saturating_add(WRITE_USE_EVERY);
        // Of many requests at once one tells it.
        due && self
            .written_use
            .compare_exchange(written, now, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_cookie() {
        let id = SessionId::random();
        let read = SessionId::parse(&id.cookie_value()).unwrap();
        assert!(read.opener().is(&id.opener()));
    }

    #[test]
    fn another_secret_with_the_same_name_is_another_id() {
        let id = SessionId::random();
        let forged = SessionId { name: id.name, secret: [0; HALF_BYTES] };
        assert_eq!(forged.opener().key, id.opener().key);
        assert!(!forged.opener().is(&id.opener()));
    }

    #[test]
    fn g8_only_what_a_gate_made_is_an_id() {
        let value = SessionId::random().cookie_value();
        let mut flipped = value.clone();
        flipped.replace_range(0..1, "*");
        let shifted = format!("A{}.{}", &value[..31], &value[32..64]).replace("..", ".");
        let long = "A".repeat(1 << 20);
        let rubbish = ["", "*", ".", &value[1..], &value[33..], &flipped, &shifted[1..], &long];
        for text in rubbish.into_iter().chain([format!("{value}=").as_str()]) {
            assert!(SessionId::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_id_is_never_printed() {
        let id = SessionId::random();
        let printed = format!("{id:?} {:?}", id.opener());
        for half in id.cookie_value().split('.') {
            assert!(!printed.contains(&half[..6]));
        }
    }

    #[test]
    fn the_store_is_told_of_use_once_a_minute() {
        let who = super::super::store::contract::login("ann");
        let session = Session::new(SessionId::random().opener(), who, 1000);
        let told = [1000, 1059, 1060, 1061, 1119, 1120].map(|now| session.touch(now));
        assert_eq!(told, [false, false, true, false, false, true]);
        assert_eq!(session.last_used(), 1120);
    }
}
