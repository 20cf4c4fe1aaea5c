//! The session that a login begins, in place of the one that the browser came with. Must not know
//! how a person proved who they are.

use std::sync::Arc;

use http::HeaderValue;

use super::state::LoginState;
use crate::audit::Kind;
use crate::session::{Login, Session, SessionLookup, StoreError};
use crate::web::Caller;

/// Ends the session that the browser came with (docs/security.md C5), then begins one.
pub(super) async fn begin(
    state: &LoginState,
    caller: &Caller,
    login: Login,
) -> Result<(Arc<Session>, HeaderValue), StoreError> {
    if let SessionLookup::Live(session) = &caller.found {
        state.sessions.end(session).await?;
        let event = caller.event(Kind::SessionEnded).about(&session.identity);
        state.audit.note(event.because("replaced by a new login"));
    }
    state.sessions.begin_with_handle(login).await
}
