//! Seals sessions for a store that others may come to read: a stolen disk, a backup, a shared Redis.
//! Knows no store.
//!
//! A session is kept in two pieces. The **record** has everything and opens with the secret half of
//! its cookie and the gate's secret together: whoever has the store and the secret file has no
//! tokens. The **entry** says who it is and when it was used last, and opens with the gate's secret
//! alone, for the admin's list. What a session is found by is an HMAC. Each piece begins with its
//! format and the id of its key, and is bound to its place, so that none opens elsewhere.

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

/// What a session is found by without its cookie: an HMAC, of which nobody can tell whose it is.
pub(super) type Tag = [u8; 32];

/// One session as a store has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Sealed {
    /// Who it is, and when it was used last.
    pub(super) entry: Vec<u8>,
    /// Everything.
    pub(super) record: Vec<u8>,
}

/// Seals with the gate's first secret and opens with any, so that secrets can be rotated.
pub(super) struct Vault {
    keys: Vec<GateKey>,
}

struct GateKey {
    id: [u8; KEY_ID_LEN],
    /// Each session's entry has a key of its own, derived from this.
    master: Prk,
    /// Each session's record has a key derived from this and its cookie's secret.
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
    /// Derives keys from each secret (RFC 5869). With none left nothing is sealed or opened.
    pub(super) fn new(secrets: &[SecretString]) -> Self {
        Self { keys: secrets.iter().filter_map(GateKey::new).collect() }
    }

    /// Whether both have the same keys.
    pub(super) fn has_same_keys(&self, other: &Self) -> bool {
        self.keys.iter().map(|key| key.id).eq(other.keys.iter().map(|key| key.id))
    }

    /// Both pieces of a session, with what the provider gave.
    pub(super) fn seal(&self, session: &Session, provider_data: &ProviderData) -> Option<Sealed> {
        let record =
            Record { session: session.to_stored(), provider_state: provider_data.state.members() };
        let (key, credential) = (self.keys.first()?, &session.credential);
        let aead = key.for_record(credential)?;
        let record = seal(&aead, key, Piece::Record, &credential.key, &record)?;
        Some(Sealed { entry: self.seal_entry(session)?, record })
    }

    /// The entry of a session alone, which is what changes as it is used.
    pub(super) fn seal_entry(&self, session: &Session) -> Option<Vec<u8>> {
        let entry = Entry {
            identity: session.identity.without_rights(),
            created: session.created,
            last_used: session.last_used(),
        };
        let key = self.keys.first()?;
        seal(&key.for_entry(session.key())?, key, Piece::Entry, session.key(), &entry)
    }

    /// The session whose pieces these are; `None` for all that a gate with these secrets and this
    /// cookie did not seal at this place, and for formats that are not known.
    pub(super) fn open(&self, credential: &SessionCredential, sealed: &Sealed) -> Option<Session> {
        let entry =
            self.open_piece::<Entry>(Piece::Entry, &credential.key, &sealed.entry, |key| {
                key.for_entry(&credential.key)
            })?;
        let record = self.open_record(credential, sealed)?;
        Some(Session::restored(credential.clone(), record.session, entry.last_used))
    }

    /// What the provider gave with the same session.
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

    /// What an entry says.
    pub(super) fn open_entry(&self, at: SessionKey, entry: &[u8]) -> Option<SessionEntry> {
        let entry = self.open_piece::<Entry>(Piece::Entry, &at, entry, |key| key.for_entry(&at))?;
        let Entry { identity, created, last_used } = entry;
        Some(SessionEntry { key: at, identity, created, last_used })
    }

    /// What the sessions of somebody are found by: the first is how they are kept from now on, the
    /// others how they may have been kept with earlier secrets.
    pub(super) fn tags(&self, selector: &SessionSelector) -> Vec<Tag> {
        let (kind, provider, name) = match selector {
            SessionSelector::Subject(provider, subject) => ("sub", provider, subject),
            SessionSelector::AtProvider(provider, sid) => ("sid", provider, sid),
        };
        // A provider's id has no blank, so that this can be read in one way only.
        let text = format!("{kind} {provider} {name}");
        let tag = |key: &GateKey| hmac::sign(&key.tags, text.as_bytes()).as_ref().try_into().ok();
        self.keys.iter().filter_map(tag).collect()
    }

    /// What a session is found by from now on.
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

/// Format, key id, nonce, ciphertext and tag. A key seals a session's piece anew at most once a
/// minute, so that random nonces do not meet (NIST SP 800-38D section 8.3).
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

/// Opens at this place, as this piece, with this head, or not at all.
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
