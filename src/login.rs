//! The browser's side of login and logout. Must not know pingora, nor how a provider's answer is
//! proven: that is `auth`'s.

mod begin;
mod callback;
mod choose;
mod destination;
mod emergency;
mod logo;
mod logout;
mod problem;
mod provider_logout;
mod same_account;
mod session;
mod start;
mod state;
mod test_login;
mod third_party;
mod whoami;

use axum::routing::{get, post};

pub use state::LoginState;

use crate::web::{PagePolicy, Routes};

/// The pages of this room.
pub fn routes(state: LoginState) -> Routes {
    let page = PagePolicy::STRICT;
    // A provider's `form_post` answers come from its own origin and carry their own proof.
    let answer = page.cross_site_post();
    Routes::new()
        .route("/_gate/login", page, get(begin::begin).post(begin::by_email))
        .route(
            "/_gate/callback/{provider}",
            answer,
            get(callback::finish).post(callback::finish_posted),
        )
        .route("/_gate/test-login", page, get(test_login::begin))
        .route("/_gate/emergency", page, get(emergency::ask).post(emergency::open))
        .route("/_gate/logo/{provider}", page, get(logo::serve))
        .route("/_gate/logout", page, get(logout::ask).post(logout::end))
        .route("/_gate/logged-out", page.posting(), get(logout::done))
        .route("/_gate/backchannel-logout/{provider}", page, post(provider_logout::back_channel))
        .route(
            "/_gate/frontchannel-logout/{provider}",
            page.framed(),
            get(provider_logout::front_channel),
        )
        .route("/_gate/whoami", page, get(whoami::show))
        .with_state(state)
}
