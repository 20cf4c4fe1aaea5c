//! What every store must do: one suite that the tests of each store call. Must not know any store.

mod samples;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use samples::begun;
pub(crate) use samples::{id_token_in, login, provider_data, session};

use super::{SessionStore, Terms, Wanted};
use crate::domain::{ProviderId, Told};
use crate::session::{Login, Session, SessionCredential, SessionId, SessionKey, SessionSelector};

/// Longer than any test takes, by the clock of any store.
const TERMS: Terms = Terms { until: 4_000_000_000, per_customer: 10 };

/// Runs every rule, each on a new store.
pub(crate) async fn holds_for<S: Deref<Target: SessionStore + Sized>>(
    new_store: impl AsyncFn() -> S,
) {
    what_was_put_is_found(&*new_store().await).await;
    what_was_never_put_is_absent(&*new_store().await).await;
    a_wrong_secret_opens_nothing(&*new_store().await).await;
    what_was_removed_is_absent(&*new_store().await).await;
    removing_what_is_not_there_is_fine(&*new_store().await).await;
    a_removal_is_told(&*new_store().await).await;
    removing_one_leaves_the_others(&*new_store().await).await;
    an_update_replaces(&*new_store().await).await;
    an_update_with_a_new_secret_is_found_by_it_alone(&*new_store().await).await;
    an_update_does_not_begin_again_what_has_ended(&*new_store().await).await;
    all_of_a_person_end_together(&*new_store().await).await;
    all_of_a_session_at_the_provider_end_together(&*new_store().await).await;
    the_oldest_end_for_the_newest(&*new_store().await).await;
    a_list_has_what_is_wanted(&*new_store().await).await;
    a_lease_is_held_by_one(&*new_store().await).await;
    many_at_once_lose_nothing(&*new_store().await).await;
}

async fn put(store: &dyn SessionStore, subject: &str) -> SessionCredential {
    let (credential, session) = session(subject);
    store.put(session, provider_data(subject), TERMS).await.unwrap();
    credential
}

async fn is_there(store: &dyn SessionStore, credential: &SessionCredential) -> bool {
    let found = store.find(credential).await.unwrap().is_some();
    let stored = store.find_stored(credential).await.unwrap().is_some();
    assert_eq!(found, stored, "memory and store differ");
    found
}

async fn what_was_put_is_found(store: &dyn SessionStore) {
    let (credential, session) = session("ann");
    store.put(Arc::clone(&session), provider_data("ann"), TERMS).await.unwrap();
    for found in [store.find(&credential).await, store.find_stored(&credential).await] {
        let found = found.unwrap().expect("the session that was put");
        assert_eq!(found.identity, session.identity);
        assert_eq!((found.created, found.last_used()), (1000, 1000));
        assert_eq!(found.form_token, session.form_token);
        assert_eq!(found.sid.as_deref(), Some("sid-of-ann"));
    }
    let kept = store.provider_data(&credential).await.unwrap().unwrap();
    assert_eq!(id_token_in(&kept), "token-of-ann");
    assert_eq!(kept.token_lifetime, session.token_lifetime);
}

async fn what_was_never_put_is_absent(store: &dyn SessionStore) {
    assert!(!is_there(store, &SessionId::random().credential()).await);
}

async fn a_wrong_secret_opens_nothing(store: &dyn SessionStore) {
    let (ann, bob) = (SessionId::random(), SessionId::random());
    let session = Session::new(ann.credential(), login("ann"), 1000);
    store.put(Arc::new(session), provider_data("ann"), TERMS).await.unwrap();
    let (ann_text, bob_text) = (ann.cookie_value(), bob.cookie_value());
    let name = ann_text.split('.').next().unwrap();
    let secret = bob_text.split('.').next_back().unwrap();
    let forged = SessionId::parse(&format!("{name}.{secret}")).unwrap().credential();
    assert_eq!(forged.key, ann.credential().key);
    assert!(!is_there(store, &forged).await);
    assert!(store.provider_data(&forged).await.unwrap().is_none());
    assert!(is_there(store, &ann.credential()).await);
    assert!(!is_there(store, &forged).await);
}

async fn what_was_removed_is_absent(store: &dyn SessionStore) {
    let credential = put(store, "ann").await;
    assert!(store.remove(&credential.key).await.unwrap());
    assert!(!is_there(store, &credential).await);
    assert!(!store.remove(&credential.key).await.unwrap());
}

async fn removing_what_is_not_there_is_fine(store: &dyn SessionStore) {
    assert!(!store.remove(&SessionId::random().credential().key).await.unwrap());
    let nobody = SessionSelector::Subject(ProviderId::parse("idp").unwrap(), "nobody".to_owned());
    assert!(store.remove_all(&nobody).await.unwrap().is_empty());
}

async fn a_removal_is_told(store: &dyn SessionStore) {
    let (ann, bob) = (put(store, "ann").await, put(store, "bob").await);
    let mut removals = store.removals();
    store.remove(&ann.key).await.unwrap();
    told(&mut removals, ann.key).await;
    store.remove_all(&subject("bob")).await.unwrap();
    told(&mut removals, bob.key).await;
}

/// A shared store may report a removal twice.
async fn told(removals: &mut tokio::sync::broadcast::Receiver<SessionKey>, key: SessionKey) {
    while removals.recv().await.unwrap() != key {}
}

async fn removing_one_leaves_the_others(store: &dyn SessionStore) {
    let (ann, bob) = (put(store, "ann").await, put(store, "bob").await);
    store.remove(&ann.key).await.unwrap();
    let left = store.find(&bob).await.unwrap().expect("the other session");
    assert_eq!(left.identity.subject, "bob");
}

async fn an_update_replaces(store: &dyn SessionStore) {
    let credential = put(store, "ann").await;
    let mut login = login("ann");
    login.identity.groups = Told::Known(vec!["staff".into()]);
    let newer = Arc::new(Session::new(credential.clone(), login, 1000));
    assert!(store.update(newer, provider_data("newer")).await.unwrap());
    for found in [store.find(&credential).await, store.find_stored(&credential).await] {
        assert_eq!(found.unwrap().unwrap().identity.groups.values(), ["staff"]);
    }
    let kept = store.provider_data(&credential).await.unwrap().unwrap();
    assert_eq!(id_token_in(&kept), "token-of-newer");
    assert_eq!(store.remove_all(&subject("ann")).await.unwrap().len(), 1);
}

/// A session lives on under the new secret when the old one goes, and a provider can end it.
async fn an_update_with_a_new_secret_is_found_by_it_alone(store: &dyn SessionStore) {
    let credential = put(store, "ann").await;
    let [new, old] = ["n", "a"].map(|letter| SecretString::from(letter.repeat(32)));
    store.use_secrets(&[new.clone(), old]);
    let newer = Arc::new(Session::new(credential.clone(), login("ann"), 1000));
    assert!(store.update(newer, provider_data("ann")).await.unwrap());
    store.use_secrets(&[new]);
    assert!(is_there(store, &credential).await);
    let sid =
        SessionSelector::AtProvider(ProviderId::parse("idp").unwrap(), "sid-of-ann".to_owned());
    assert_eq!(store.remove_all(&sid).await.unwrap().len(), 1);
    assert!(!is_there(store, &credential).await);
    assert!(store.remove_all(&subject("ann")).await.unwrap().is_empty(), "found by what is gone");
}

async fn an_update_does_not_begin_again_what_has_ended(store: &dyn SessionStore) {
    let (credential, session) = session("ann");
    assert!(!store.update(Arc::clone(&session), <_>::default()).await.unwrap());
    store.put(Arc::clone(&session), provider_data("ann"), TERMS).await.unwrap();
    store.remove(&credential.key).await.unwrap();
    assert!(!store.update(session, <_>::default()).await.unwrap());
    assert!(!is_there(store, &credential).await);
}

fn subject(name: &str) -> SessionSelector {
    SessionSelector::Subject(ProviderId::parse("idp").unwrap(), name.to_owned())
}

/// A person of the same subject at another provider is somebody else.
async fn all_of_a_person_end_together(store: &dyn SessionStore) {
    let anns = [put(store, "ann").await, put(store, "ann").await, put(store, "ann").await];
    let bob = put(store, "bob").await;
    let mut elsewhere = login("ann");
    elsewhere.identity.provider = ProviderId::parse("other").unwrap();
    let (other, session) = begun(elsewhere, 1000);
    store.put(session, <_>::default(), TERMS).await.unwrap();

    let ended = store.remove_all(&subject("ann")).await.unwrap();
    let mut ended: Vec<_> = ended.iter().map(|entry| entry.key).collect();
    let mut expected = anns.each_ref().map(|credential| credential.key);
    ended.sort();
    expected.sort();
    assert_eq!(ended, expected);
    for credential in &anns {
        assert!(!is_there(store, credential).await);
    }
    assert!(is_there(store, &bob).await && is_there(store, &other).await);
    assert!(store.remove_all(&subject("ann")).await.unwrap().is_empty());
}

async fn all_of_a_session_at_the_provider_end_together(store: &dyn SessionStore) {
    let provider = ProviderId::parse("idp").unwrap();
    let mut credentials = Vec::new();
    for sid in [Some("one"), Some("one"), Some("two"), None] {
        let (credential, session) = begun(Login { sid: sid.map(Into::into), ..login("ann") }, 1000);
        store.put(session, <_>::default(), TERMS).await.unwrap();
        credentials.push(credential);
    }
    let ended =
        store.remove_all(&SessionSelector::AtProvider(provider, "one".to_owned())).await.unwrap();
    assert_eq!(ended.len(), 2);
    assert!(ended.iter().all(|entry| entry.identity.subject == "ann"));
    let mut there = Vec::new();
    for credential in &credentials {
        there.push(is_there(store, credential).await);
    }
    assert_eq!(there, [false, false, true, true]);
}

async fn the_oldest_end_for_the_newest(store: &dyn SessionStore) {
    let bob = put(store, "bob").await;
    let (mut credentials, mut ended) = (Vec::new(), Vec::new());
    for at in [1003, 1001, 1002, 1004] {
        let (credential, session) = begun(login("ann"), at);
        credentials.push(credential);
        let removed =
            store.put(session, <_>::default(), Terms { per_customer: 2, ..TERMS }).await.unwrap();
        ended.extend(removed.iter().map(|entry| entry.created));
    }
    assert_eq!(ended, [1001, 1002]);
    let mut there = Vec::new();
    for credential in &credentials {
        there.push(is_there(store, credential).await);
    }
    assert_eq!(there, [true, false, false, true]);
    assert!(is_there(store, &bob).await);
}

async fn a_list_has_what_is_wanted(store: &dyn SessionStore) {
    let credentials = [put(store, "ann").await, put(store, "bob").await, put(store, "cleo").await];
    store.remove(&credentials[1].key).await.unwrap();
    let everybody: Wanted = Arc::new(|_| true);
    let mut all = store.list(everybody).await.unwrap();
    all.sort_by(|a, b| a.identity.subject.cmp(&b.identity.subject));
    let keys: Vec<_> = all.iter().map(|entry| entry.key).collect();
    assert_eq!(keys, [credentials[0].key, credentials[2].key]);
    assert_eq!(all[0].identity, login("ann").identity.without_rights());
    assert_eq!((all[0].created, all[0].last_used), (1000, 1000));
    let ann: Wanted = Arc::new(|entry| entry.identity.label() == "ann@example.com");
    assert_eq!(store.list(ann).await.unwrap().len(), 1);
}

async fn a_lease_is_held_by_one(store: &dyn SessionStore) {
    let (ann, bob) = (put(store, "ann").await.key, put(store, "bob").await.key);
    let (long, short) = (Duration::from_secs(60), Duration::from_millis(50));
    let lease = store.lease(&ann, long).await.unwrap().expect("it is free");
    assert!(store.lease(&ann, long).await.unwrap().is_none(), "held twice");
    assert!(store.lease(&bob, long).await.unwrap().is_some(), "another session's");
    assert!(store.release(lease).await.unwrap());

    let lost = store.lease(&ann, short).await.unwrap().expect("it was given back");
    let next = loop {
        if let Some(next) = store.lease(&ann, long).await.unwrap() {
            break next;
        }
    };
    assert!(!store.release(lost).await.unwrap(), "it was over");
    assert!(store.lease(&ann, long).await.unwrap().is_none(), "gave back another's");
    assert!(store.release(next).await.unwrap());
}

async fn many_at_once_lose_nothing(store: &dyn SessionStore) {
    let logins = (0..300).map(|number| async move {
        let credential = put(store, &format!("customer-{number}")).await;
        if number % 3 == 0 {
            store.remove(&credential.key).await.unwrap();
        }
        is_there(store, &credential).await == (number % 3 != 0)
    });
    let right = futures_util::future::join_all(logins).await;
    assert!(right.into_iter().all(|right| right));
    let everybody: Wanted = Arc::new(|_| true);
    assert_eq!(store.list(everybody).await.unwrap().len(), 200);
}
