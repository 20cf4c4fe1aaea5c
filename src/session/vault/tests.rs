use super::*;
use crate::session::store::contract;

fn vault(secrets: &[&str]) -> Vault {
    let secrets: Vec<_> = secrets.iter().map(|s| SecretString::from(s.repeat(32))).collect();
    Vault::new(&secrets)
}

#[test]
fn what_was_sealed_opens_again() {
    let (opener, session) = contract::session("ann");
    let sealed = vault(&["a"]).seal(&session, &contract::provider_data("ann")).unwrap();
    let found = vault(&["a"]).open(&opener, &sealed).unwrap();
    assert_eq!(found.identity, session.identity);
    let kept = vault(&["a"]).open_provider_data(&opener, &sealed).unwrap();
    assert_eq!(contract::id_token_in(&kept), "token-of-ann");
    let entry = vault(&["a"]).open_entry(opener.key, &sealed.entry).unwrap();
    assert_eq!((entry.key, entry.identity.groups.values().len()), (opener.key, 0));
}

#[test]
fn a_stolen_store_opens_nothing_and_with_the_secret_file_no_tokens() {
    let (opener, session) = contract::session("ann");
    let sealed = vault(&["a"]).seal(&session, &contract::provider_data("ann")).unwrap();
    for piece in [&sealed.entry, &sealed.record] {
        let text = String::from_utf8_lossy(piece);
        assert!(!["ann", "token", "customers", "idp"].iter().any(|word| text.contains(word)));
    }
    let thief = contract::session("thief").0;
    let guessed = Opener::of(opener.key, &thief);
    assert!(vault(&["a"]).open_entry(opener.key, &sealed.entry).is_some());
    assert!(vault(&["a"]).open(&guessed, &sealed).is_none(), "opens without its cookie");
    assert!(vault(&["b"]).open(&opener, &sealed).is_none(), "opens without the gate's secret");
    assert!(vault(&[]).open(&opener, &sealed).is_none());
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
    let (opener, session) = contract::session("ann");
    let sealed = vault(&["a"]).seal(&session, &contract::provider_data("ann")).unwrap();
    assert!(vault(&["b", "a"]).open(&opener, &sealed).is_some());
    assert!(vault(&["b"]).open(&opener, &sealed).is_none());
    let whose = session.belongs_to().next().unwrap();
    assert!(vault(&["b", "a"]).tags(&whose).contains(&vault(&["a"]).tags(&whose)[0]));
}

#[test]
fn c3_every_flipped_bit_and_every_other_format_is_no_session() {
    let keys = vault(&["a"]);
    let (opener, session) = contract::session("ann");
    let sealed = keys.seal(&session, &contract::provider_data("ann")).unwrap();
    for at in 0..sealed.record.len() {
        let mut flipped = sealed.clone();
        flipped.record[at] ^= 1;
        assert!(keys.open(&opener, &flipped).is_none(), "at {at}");
    }
    for length in 0..sealed.entry.len() {
        let cut = Sealed { entry: sealed.entry[..length].to_vec(), ..sealed.clone() };
        assert!(keys.open(&opener, &cut).is_none(), "cut at {length}");
    }
}

#[test]
fn a_name_at_one_provider_is_no_name_at_another() {
    let keys = vault(&["a"]);
    let of = |provider: &str, name: &str| {
        let provider = crate::domain::ProviderId::parse(provider).unwrap();
        let (subject, sid) = (Whose::Subject, Whose::AtProvider);
        [subject(provider.clone(), name.to_owned()), sid(provider, name.to_owned())]
            .map(|whose| keys.tags(&whose)[0])
    };
    let tags = [of("a", "b-c"), of("a-b", "c"), of("a", "b c")].concat();
    let different: std::collections::HashSet<_> = tags.iter().collect();
    assert_eq!(different.len(), tags.len());
}
