//! What every store has to do, as one suite that each store's tests call.

use std::sync::Arc;

use secrecy::SecretString;

use super::SessionStore;
use crate::domain::{Identity, ProviderId};
use crate::session::{Session, SessionId};

/// Runs every clause, each on a new store.
pub(crate) async fn holds_for<S: SessionStore>(new_store: impl Fn() -> S) {
    what_was_put_is_found(&new_store()).await;
    what_was_never_put_is_absent(&new_store()).await;
    what_was_removed_is_absent(&new_store()).await;
    removing_what_is_not_there_is_fine(&new_store()).await;
    a_removal_is_told(&new_store()).await;
    removing_one_leaves_the_others(&new_store()).await;
    putting_again_replaces(&new_store()).await;
    all_are_those_put_and_not_removed(&new_store()).await;
}

fn session(subject: &str) -> (SessionId, Arc<Session>) {
    let id = SessionId::random();
    let identity = Identity {
        provider: ProviderId::parse("idp").unwrap(),
        subject: subject.to_owned(),
        email: None,
        name: None,
        first_name: None,
        last_name: None,
        groups: vec!["customers".to_owned()],
        attributes: std::collections::BTreeMap::default(),
    };
    let session = Session::new(&id, identity, SecretString::from("token"), 1000);
    (id, Arc::new(session))
}

async fn all_are_those_put_and_not_removed(store: &impl SessionStore) {
    let (ann, bob, cleo) = (session("ann").1, session("bob").1, session("cleo").1);
    for session in [&ann, &bob, &cleo] {
        store.put(Arc::clone(session)).await.unwrap();
    }
    store.remove(&bob.key).await.unwrap();
    let mut all: Vec<_> = store.all().await.unwrap();
    all.sort_by(|a, b| a.identity.subject.cmp(&b.identity.subject));
    let keys: Vec<_> = all.iter().map(|session| session.key).collect();
    assert_eq!(keys, [ann.key, cleo.key]);
}

async fn what_was_put_is_found(store: &impl SessionStore) {
    let (id, session) = session("ann");
    store.put(Arc::clone(&session)).await.unwrap();
    let found = store.find(&id.key()).await.unwrap().expect("the session that was put");
    assert_eq!(found.identity, session.identity);
    assert_eq!(found.created, 1000);
    assert_eq!(found.form_token, session.form_token);
}

async fn what_was_never_put_is_absent(store: &impl SessionStore) {
    assert!(store.find(&SessionId::random().key()).await.unwrap().is_none());
}

async fn what_was_removed_is_absent(store: &impl SessionStore) {
    let (id, session) = session("ann");
    store.put(session).await.unwrap();
    store.remove(&id.key()).await.unwrap();
    assert!(store.find(&id.key()).await.unwrap().is_none());
}

async fn removing_what_is_not_there_is_fine(store: &impl SessionStore) {
    store.remove(&SessionId::random().key()).await.unwrap();
}

async fn a_removal_is_told(store: &impl SessionStore) {
    let (id, session) = session("ann");
    store.put(session).await.unwrap();
    let mut removals = store.removals();
    store.remove(&id.key()).await.unwrap();
    assert_eq!(removals.recv().await.unwrap(), id.key());
}

async fn removing_one_leaves_the_others(store: &impl SessionStore) {
    let ((ann, ann_session), (bob, bob_session)) = (session("ann"), session("bob"));
    store.put(ann_session).await.unwrap();
    store.put(bob_session).await.unwrap();
    store.remove(&ann.key()).await.unwrap();
    let left = store.find(&bob.key()).await.unwrap().expect("the other session");
    assert_eq!(left.identity.subject, "bob");
}

async fn putting_again_replaces(store: &impl SessionStore) {
    let (id, first) = session("ann");
    store.put(first).await.unwrap();
    let identity = Identity { groups: vec![], ..session("ann").1.identity.clone() };
    let again = Session::new(&id, identity, SecretString::from("token"), 2000);
    store.put(Arc::new(again)).await.unwrap();
    let found = store.find(&id.key()).await.unwrap().expect("the second session");
    assert_eq!((found.created, found.identity.groups.len()), (2000, 0));
}
