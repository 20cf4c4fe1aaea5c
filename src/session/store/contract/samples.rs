//! Sessions and what providers gave with them, for tests of stores. Must not know any store.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::{Identity, Proof, ProviderId, Told};
use crate::session::{
    Login, ProviderData, ProviderState, Session, SessionCredential, SessionId, TokenLifetime,
};

/// A login of a person of that name.
pub(crate) fn login(subject: &str) -> Login {
    let identity = Identity {
        provider: ProviderId::parse("idp").unwrap(),
        subject: subject.into(),
        email: crate::domain::Email::parse(&format!("{subject}@example.com")).ok().into(),
        name: None,
        first_name: None,
        last_name: None,
        groups: Told::Known(vec!["customers".into()]),
        attributes: BTreeMap::default(),
        proof: Proof::default(),
    };
    Login {
        identity,
        sid: Some(format!("sid-of-{subject}").into()),
        provider_data: provider_data(subject),
    }
}

/// What the provider gave.
pub(crate) fn provider_data(subject: &str) -> ProviderData {
    let tokens = [("id_token", format!("token-of-{subject}"))];
    let state = ProviderState::new(&BTreeMap::from(tokens));
    ProviderData { state, token_lifetime: Some(TokenLifetime { since: 1000, until: 4600 }) }
}

/// The ID token among it.
pub(crate) fn id_token_in(provider_data: &ProviderData) -> String {
    let kept: BTreeMap<String, String> = provider_data.state.read();
    kept["id_token"].clone()
}

/// A session of that person, begun at 1000.
pub(crate) fn session(subject: &str) -> (SessionCredential, Arc<Session>) {
    begun(login(subject), 1000)
}

pub(super) fn begun(login: Login, at: u64) -> (SessionCredential, Arc<Session>) {
    let credential = SessionId::random().credential();
    (credential.clone(), Arc::new(Session::new(credential, login, at)))
}
