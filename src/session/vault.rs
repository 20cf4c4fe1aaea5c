//! Seals sessions for a store that others may read: a stolen disk, a backup, a shared Redis. Must
//! not know stores.
//!
//! A session is stored in two pieces. The **record** has everything. It opens with the secret half
//! of the cookie and the gate's secret together, so that the store and the gate's secret alone give
//! no tokens away. The **entry** tells who it is and when it was last used. It opens with the
//! gate's secret alone, for the admin's list. Sessions are found by **tags**, which are HMACs. Each
//! piece begins with its format and the id of its key, and is bound to its session, so that it
//! opens nowhere else.

mod rows;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::record::StoredSession;
use super::{
    ProviderData, ProviderState, Session, SessionCredential, SessionEntry, SessionKey,
    SessionSelector,
};
use crate::domain::Identity;

/// Raised with each change that an older gate could not read.
const FORMAT: u8 = 1;

const KEY_ID_LEN: usize = 4;
const HEAD_LEN: usize = 1 + KEY_ID_LEN;

/// Finds a session without its cookie. It is an HMAC, and does not tell whose session it is.
pub(super) type Tag = [u8; 32];

/// One session as a store has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sealed {
    /// Who it is, and when it was last used.
    pub(super) entry: Vec<u8>,
    /// Everything.
    pub(super) record: Vec<u8>,
}

/// Seals with the gate's first secret and opens with any of them, so that secrets can be rotated.
pub(super) struct Vault {
    keys: Vec<GateKey>,
}

struct GateKey {
    id: [u8; KEY_ID_LEN],
    /// Each session's entry has its own key, which is derived from this one.
    master: Prk,
    /// Each session's record has its own key, derived from this salt and the secret in its cookie.
    records: Salt,
    tags: hmac::Key,
}

#[derive(Clone, Copy)]
enum Piece {
    Entry,
    Record,
    /// A small record beside the sessions.
    Row,
}

#[derive(Deserialize, Serialize)]
struct Entry {
    identity: Identity,
    created: u64,
    last_used: u64,
}

#[derive(Deserialize, Serialize)]
struct Record {
    session: StoredSession,
    #[serde(flatten)]
    provider_state: Map<String, Value>,
}

impl Vault {
    /// Derives keys from each secret (RFC 5869). Without any secret nothing is sealed or opened.
    pub(super) fn new(secrets: &[SecretString]) -> Self {
        Self { keys: secrets.iter().filter_map(GateKey::new).collect() }
    }

    /// Whether both have the same keys.
    pub(super) fn has_same_keys(&self, other: &Self) -> bool {
        self.keys.iter().map(|key| key.id).eq(other.keys.iter().map(|key| key.id))
    }

    /// Seals both pieces of a session, with what the provider gave.
    pub(super) fn seal(&self, session: &Session, provider_data: &ProviderData) -> Option<Sealed> {
        let record =
            Record { session: session.to_stored(), provider_state: provider_data.state.members() };
        let (key, credential) = (self.keys.first()?, &session.credential);
        let aead = key.for_record(credential)?;
        let record = seal(&aead, key, Piece::Record, &credential.key, &record)?;
        Some(Sealed { entry: self.seal_entry(session)?, record })
    }

    /// Seals the entry of a session alone, which changes as the session is used.
    pub(super) fn seal_entry(&self, session: &Session) -> Option<Vec<u8>> {
        let entry = Entry {
            identity: session.identity.without_rights(),
            created: session.created,
            last_used: session.last_used(),
        };
        let key = self.keys.first()?;
        seal(&key.for_entry(session.key())?, key, Piece::Entry, session.key(), &entry)
    }

    /// Opens both pieces. `None` unless a gate with these secrets sealed them for this session and
    /// this cookie, in a format that is known.
    pub(super) fn open(&self, credential: &SessionCredential, sealed: &Sealed) -> Option<Session> {
        let entry =
            self.open_piece::<Entry>(Piece::Entry, &credential.key, &sealed.entry, |key| {
                key.for_entry(&credential.key)
            })?;
        let record = self.open_record(credential, sealed)?;
        Some(Session::restored(credential.clone(), record.session, entry.last_used))
    }

    /// Opens what the provider gave with the session.
    pub(super) fn open_provider_data(
        &self,
        credential: &SessionCredential,
        sealed: &Sealed,
    ) -> Option<ProviderData> {
        let Record { session, provider_state } = self.open_record(credential, sealed)?;
        let state = ProviderState::from_members(provider_state);
        Some(ProviderData { state, token_lifetime: session.token_lifetime })
    }

    fn open_record(&self, credential: &SessionCredential, sealed: &Sealed) -> Option<Record> {
        self.open_piece(Piece::Record, &credential.key, &sealed.record, |key| {
            key.for_record(credential)
        })
    }

    /// Opens an entry.
    pub(super) fn open_entry(&self, at: SessionKey, entry: &[u8]) -> Option<SessionEntry> {
        let entry = self.open_piece::<Entry>(Piece::Entry, &at, entry, |key| key.for_entry(&at))?;
        let Entry { identity, created, last_used } = entry;
        Some(SessionEntry { key: at, identity, created, last_used })
    }

    /// The tags of the sessions that a selector means. The first is written from now on; earlier
    /// secrets made the others.
    pub(super) fn tags(&self, selector: &SessionSelector) -> Vec<Tag> {
        let (kind, provider, name) = match selector {
            SessionSelector::Subject(provider, subject) => ("sub", provider, subject),
            SessionSelector::AtProvider(provider, sid) => ("sid", provider, sid),
        };
        // A provider's id has no blank, so this text can be read in only one way.
        let text = format!("{kind} {provider} {name}");
        let tag = |key: &GateKey| hmac::sign(&key.tags, text.as_bytes()).as_ref().try_into().ok();
        self.keys.iter().filter_map(tag).collect()
    }

    /// The tags that a session is stored with from now on.
    pub(super) fn tags_of(&self, session: &Session) -> Vec<Tag> {
        let first = |selector: SessionSelector| self.tags(&selector).into_iter().next();
        session.selectors().filter_map(first).collect()
    }

    fn open_piece<T: for<'de> Deserialize<'de>>(
        &self,
        piece: Piece,
        at: &SessionKey,
        sealed: &[u8],
        aead: impl Fn(&GateKey) -> Option<LessSafeKey>,
    ) -> Option<T> {
        serde_json::from_slice(&self.open_bytes(piece, at, sealed, aead)?).ok()
    }

    fn open_bytes(
        &self,
        piece: Piece,
        at: &SessionKey,
        sealed: &[u8],
        aead: impl Fn(&GateKey) -> Option<LessSafeKey>,
    ) -> Option<Vec<u8>> {
        let (head, rest) = sealed.split_at_checked(HEAD_LEN)?;
        let (nonce, sealed) = rest.split_at_checked(NONCE_LEN)?;
        let (format, id) = head.split_first()?;
        let key = self.keys.iter().find(|key| *format == FORMAT && key.id == id)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = sealed.to_vec();
        let plain = aead(key)?.open_in_place(nonce, bound_to(piece, at, head), &mut bytes).ok()?;
        let length = plain.len();
        bytes.truncate(length);
        Some(bytes)
    }
}

impl GateKey {
    fn new(secret: &SecretString) -> Option<Self> {
        let salt = Salt::new(HKDF_SHA256, b"jsm-gate session store");
        let master = salt.extract(secret.expose_secret().as_bytes());
        let mut id = [0; KEY_ID_LEN];
        master.expand(&[b"id"], IdLen).ok()?.fill(&mut id).ok()?;
        let records = Salt::from(master.expand(&[b"records"], HKDF_SHA256).ok()?);
        let tags = hmac::Key::from(master.expand(&[b"tags"], hmac::HMAC_SHA256).ok()?);
        Some(Self { id, master, records, tags })
    }

    fn for_entry(&self, at: &SessionKey) -> Option<LessSafeKey> {
        let info: [&[u8]; 2] = [b"entry", at.bytes()];
        let key = UnboundKey::from(self.master.expand(&info, &AES_256_GCM).ok()?);
        Some(LessSafeKey::new(key))
    }

    fn for_record(&self, credential: &SessionCredential) -> Option<LessSafeKey> {
        let own = self.records.extract(credential.secret());
        let info: [&[u8]; 2] = [b"record", credential.key.bytes()];
        let key = UnboundKey::from(own.expand(&info, &AES_256_GCM).ok()?);
        Some(LessSafeKey::new(key))
    }
}

struct IdLen;

impl KeyType for IdLen {
    fn len(&self) -> usize {
        KEY_ID_LEN
    }
}

/// Format, key id, nonce, ciphertext and tag. A key seals the same piece at most once a minute, so
/// that random nonces do not collide (NIST SP 800-38D section 8.3).
fn seal(
    aead: &LessSafeKey,
    key: &GateKey,
    piece: Piece,
    at: &SessionKey,
    value: &impl Serialize,
) -> Option<Vec<u8>> {
    seal_bytes(aead, key, piece, at, serde_json::to_vec(value).ok()?)
}

fn seal_bytes(
    aead: &LessSafeKey,
    key: &GateKey,
    piece: Piece,
    at: &SessionKey,
    mut bytes: Vec<u8>,
) -> Option<Vec<u8>> {
    let head = [&[FORMAT], key.id.as_slice()].concat();
    let nonce: [u8; NONCE_LEN] = rand::random();
    let bound = bound_to(piece, at, &head);
    let unique = Nonce::assume_unique_for_key(nonce);
    aead.seal_in_place_append_tag(unique, bound, &mut bytes).ok()?;
    Some([head.as_slice(), &nonce, &bytes].concat())
}

/// Opens only this piece of this session, with this head.
fn bound_to(piece: Piece, at: &SessionKey, head: &[u8]) -> Aad<Vec<u8>> {
    let name: &[u8] = match piece {
        Piece::Entry => b"entry",
        Piece::Record => b"record",
        Piece::Row => b"row",
    };
    Aad::from([name, head, at.bytes()].concat())
}

#[cfg(test)]
mod tests;
