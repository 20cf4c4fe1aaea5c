//! Seals small records. A record is named by the HMAC of its table and key, so that a store does
//! not tell whom it is about. The key is sealed with the value, for lists. Must not know stores.

use ring::aead::{AES_256_GCM, LessSafeKey, UnboundKey};

use super::{GateKey, Piece, Tag, Vault, seal_bytes};
use crate::session::SessionKey;

/// The length of the key, in bytes.
const LENGTH: usize = 4;

impl Vault {
    /// The names of a record. The first is used from now on; earlier secrets made the others.
    pub(in crate::session) fn row_names(&self, table: &str, key: &str) -> Vec<Tag> {
        // A table's name has no blank, and no other kind of tag begins with this word.
        let text = format!("row {table} {key}");
        let name = |it: &GateKey| ring::hmac::sign(&it.tags, text.as_bytes()).as_ref().try_into();
        self.keys.iter().filter_map(|key| name(key).ok()).collect()
    }

    /// Seals a record, bound to its name.
    pub(in crate::session) fn seal_row(
        &self,
        name: &Tag,
        key: &str,
        value: &[u8],
    ) -> Option<Vec<u8>> {
        let length = u32::try_from(key.len()).ok()?.to_be_bytes();
        let plain = [&length, key.as_bytes(), value].concat();
        let with = self.keys.first()?;
        let at = SessionKey::from_bytes(*name);
        seal_bytes(&with.for_row(name)?, with, Piece::Row, &at, plain)
    }

    /// Opens a record, and returns its key and value. `None` unless a gate with these secrets
    /// sealed it under this name.
    pub(in crate::session) fn open_row(
        &self,
        name: &Tag,
        sealed: &[u8],
    ) -> Option<(String, Vec<u8>)> {
        let at = SessionKey::from_bytes(*name);
        let plain = self.open_bytes(Piece::Row, &at, sealed, |key| key.for_row(name))?;
        let (length, rest) = plain.split_first_chunk::<LENGTH>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (key, value) = rest.split_at_checked(length)?;
        Some((String::from_utf8(key.to_vec()).ok()?, value.to_vec()))
    }

    /// Whether the first secret sealed it, as it seals everything from now on.
    pub(in crate::session) fn sealed_with_first(&self, sealed: &[u8]) -> bool {
        let id = sealed.get(1..super::HEAD_LEN);
        self.keys.first().is_some_and(|key| id == Some(key.id.as_slice()))
    }
}

impl GateKey {
    fn for_row(&self, name: &Tag) -> Option<LessSafeKey> {
        let info: [&[u8]; 2] = [b"row", name];
        let key = UnboundKey::from(self.master.expand(&info, &AES_256_GCM).ok()?);
        Some(LessSafeKey::new(key))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn vault(secrets: &[&str]) -> Vault {
        let secrets: Vec<_> = secrets.iter().map(|s| SecretString::from(s.repeat(32))).collect();
        Vault::new(&secrets)
    }

    fn name(vault: &Vault, table: &str, key: &str) -> Tag {
        vault.row_names(table, key)[0]
    }

    #[test]
    fn c11_a_record_opens_under_its_name_only() {
        let keys = vault(&["a"]);
        let ann = name(&keys, "customers", "ann");
        let sealed = keys.seal_row(&ann, "ann", b"5b10").unwrap();
        assert_eq!(keys.open_row(&ann, &sealed), Some(("ann".to_owned(), b"5b10".to_vec())));
        for (table, key) in [("customers", "bob"), ("kept", "ann")] {
            assert_eq!(keys.open_row(&name(&keys, table, key), &sealed), None);
        }
        assert_eq!(vault(&["b"]).open_row(&ann, &sealed), None);
    }

    #[test]
    fn a_stolen_store_tells_neither_key_nor_value() {
        let keys = vault(&["a"]);
        let ann = name(&keys, "customers", "ann@example.com");
        let sealed = keys.seal_row(&ann, "ann@example.com", b"5b10ac8d").unwrap();
        let text = String::from_utf8_lossy(&sealed);
        assert!(!["ann", "5b10"].iter().any(|word| text.contains(word)));
        assert_ne!(ann, name(&vault(&["b"]), "customers", "ann@example.com"));
    }

    #[test]
    fn c3_every_flipped_bit_is_refused() {
        let keys = vault(&["a"]);
        let ann = name(&keys, "customers", "ann");
        let sealed = keys.seal_row(&ann, "ann", b"5b10").unwrap();
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert_eq!(keys.open_row(&ann, &flipped), None, "at {at}");
        }
    }
}
