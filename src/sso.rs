//! Single sign-on: SAML's HTTP side. The gate is the identity provider, and vouches to service providers for
//! people who are logged in. Must not know how they log in, pingora, or the shapes of SAML's messages: those are
//! the crate `saml`'s.

mod answer;
mod authn_context;
mod destination;
mod exchange;
mod form;
mod logout;
mod published;
mod refusal;
mod request;
mod service_provider;
mod service_providers;
mod session_index;
mod signing;
mod start;
mod state;
mod statement;
mod test_answer;
mod trace;
mod vouch;
mod waiting;

use std::sync::Arc;

use axum::routing::get;

pub use destination::Destination;
pub use exchange::{Exchange, Told};
pub use logout::NextLogout;
pub use service_provider::ServiceProvider;
pub use service_providers::ServiceProviders;
pub use signing::Signing;
pub use state::SsoState;
pub use trace::Trace;

use crate::web::{PagePolicy, Routes};

/// The largest form with a message: one of 64 KB in Base64, percent-encoded, and RelayState.
const FORM_BYTES: usize = 128 * 1024;

/// The pages of this room.
pub fn routes(state: Arc<SsoState>) -> Routes {
    let page = PagePolicy::STRICT.posting();
    let published = PagePolicy::STRICT.for_anybody();
    // A message from a service provider comes from its own origin and carries its own proof.
    let message = page.cross_site_post().with_body_limit(FORM_BYTES);
    Routes::new()
        .route("/_gate/saml/{id}/metadata", published, get(published::metadata))
        .route("/_gate/saml/{id}/certificate.pem", published, get(published::certificate))
        .route("/_gate/saml/{id}/sso", message, get(request::by_redirect).post(request::by_post))
        .route("/_gate/saml/{id}/answer", page, get(answer::show))
        .route("/_gate/saml/{id}/start", page, get(start::start))
        .route("/_gate/saml/{id}/logout", message, get(logout::by_redirect).post(logout::by_post))
        .with_state(state)
}
