use super::*;
use crate::session::store::contract;

fn vault(secrets: &[&str]) -> Vault {
    let secrets: Vec<_> = secrets.iter().map(|s| SecretString::from(s.repeat(32))).collect();
    Vault::new(&secrets)
}

#[test]
fn what_was_sealed_opens_again() {
    let (credential, session) = contract::session("ann");
    let sealed = vault(&["a"]).seal(&session, &contract::provider_data("ann")).unwrap();
    let found = vault(&["a"]).open(&credential, &sealed).unwrap();
    assert_eq!(found.identity, session.identity);
    let kept = vault(&["a"]).open_provider_data(&credential, &sealed).unwrap();
    assert_eq!(contract::id_token_in(&kept), "token-of-ann");
    let entry = vault(&["a"]).open_entry(credential.key, &sealed.entry).unwrap();
    assert_eq!((entry.key, entry.identity.groups.values().len()), (credential.key, 0));
}

#[test]
fn a_stolen_store_opens_nothing_and_with_the_secret_file_no_tokens() {
    let (credential, session) = contract::session("ann");
    let sealed = vault(&["a"]).seal(&session, &contract::provider_data("ann")).unwrap();
    for piece in [&sealed.entry, &sealed.record] {
        let text = String::from_utf8_lossy(piece);
        assert!(!["ann", "token", "customers", "idp"].iter().any(|word| text.contains(word)));
    }
    let thief = contract::session("thief").0;
    let guessed = SessionCredential::of(credential.key, &thief);
    assert!(vault(&["a"]).open_entry(credential.key, &sealed.entry).is_some());
    assert!(vault(&["a"]).open(&guessed, &sealed).is_none(), "opens without its cookie");
    assert!(vault(&["b"]).open(&credential, &sealed).is_none(), "opens without the gate's secret");
    assert!(vault(&[]).open(&credential, &sealed).is_none());
}

#[test]
fn c11_a_piece_opens_at_its_place_only() {
    let keys = vault(&["a"]);
    let ((ann, hers), (bob, his)) = (contract::session("ann"), contract::session("bob"));
    let (hers, his) =
        (keys.seal(&hers, &<_>::default()).unwrap(), keys.seal(&his, &<_>::default()).unwrap());
    assert!(keys.open(&bob, &hers).is_none() && keys.open(&ann, &his).is_none());
    let mixed = Sealed { entry: his.entry.clone(), record: hers.record.clone() };
    assert!(keys.open(&ann, &mixed).is_none());
    let turned = Sealed { entry: hers.record.clone(), record: hers.entry };
    assert!(keys.open(&ann, &turned).is_none());
}

#[test]
fn a_rotated_secret_still_opens_and_a_removed_one_no_longer_does() {
    let (credential, session) = contract::session("ann");
    let sealed = vault(&["a"]).seal(&session, &contract::provider_data("ann")).unwrap();
    assert!(vault(&["b", "a"]).open(&credential, &sealed).is_some());
    assert!(vault(&["b"]).open(&credential, &sealed).is_none());
    let selector = session.selectors().next().unwrap();
    assert!(vault(&["b", "a"]).tags(&selector).contains(&vault(&["a"]).tags(&selector)[0]));
}

#[test]
fn c3_every_flipped_bit_and_every_other_format_is_no_session() {
    let keys = vault(&["a"]);
    let (credential, session) = contract::session("ann");
    let sealed = keys.seal(&session, &contract::provider_data("ann")).unwrap();
    for at in 0..sealed.record.len() {
        let mut flipped = sealed.clone();
        flipped.record[at] ^= 1;
        assert!(keys.open(&credential, &flipped).is_none(), "at {at}");
    }
    for length in 0..sealed.entry.len() {
        let cut = Sealed { entry: sealed.entry[..length].to_vec(), ..sealed.clone() };
        assert!(keys.open(&credential, &cut).is_none(), "cut at {length}");
    }
}

#[test]
fn a_name_at_one_provider_is_no_name_at_another() {
    let keys = vault(&["a"]);
    let of = |provider: &str, name: &str| {
        let provider = crate::domain::ProviderId::parse(provider).unwrap();
        let (subject, sid) = (SessionSelector::Subject, SessionSelector::AtProvider);
        [subject(provider.clone(), name.to_owned()), sid(provider, name.to_owned())]
            .map(|selector| keys.tags(&selector)[0])
    };
    let tags = [of("a", "b-c"), of("a-b", "c"), of("a", "b c")].concat();
    let different: std::collections::HashSet<_> = tags.iter().collect();
    assert_eq!(different.len(), tags.len());
}
