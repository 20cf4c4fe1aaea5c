//! A login at a service provider that the gate begins (SAML profiles 2.0, 4.1.5). Must not know how it is
//! answered.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use saml::ReadError;
use url::form_urlencoded;

use super::answer::answer;
use super::waiting::Waiting;
use super::{ServiceProvider, SsoState, refusal};
use crate::auth::ReturnTo;
use crate::web::Caller;

/// `GET /_gate/saml/{id}/start?RelayState=…`. The gate itself never goes where RelayState says: it is a word
/// to the service provider.
pub(super) async fn start(
    State(state): State<Arc<SsoState>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let to = match state.opened(&id, &caller, &method, &headers) {
        Ok(to) => to,
        Err(page) => return *page,
    };
    let relay_state = relay_state(&query.unwrap_or_default());
    match relay_state.and_then(|relay_state| fit_for(&state, &to, relay_state)) {
        Ok(relay_state) => {
            let waiting = Waiting::unasked(relay_state, state.now());
            answer(&state, &caller, &to, &waiting, &headers).await
        }
        Err(why) => refusal::of_unreadable(&state, &caller, &to, &why),
    }
}

/// Why RelayState is not taken.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the parameter RelayState stands there more than once")]
    Repeated,
    #[error(transparent)]
    Unread(#[from] ReadError),
    #[error("RelayState is no address of Jira's behind the gate")]
    Elsewhere,
}

/// The same limits as for a request of the service provider's.
fn relay_state(query: &str) -> Result<Option<String>, Unfit> {
    let fields = form_urlencoded::parse(query.as_bytes());
    let mut values = fields.filter(|(name, _)| name == "RelayState").map(|(_, value)| value);
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Unfit::Repeated);
    }
    Ok(Some(saml::relay_state(value.into_owned())?))
}

/// Nobody has asked, and anybody can send a browser here. A Jira behind the gate may go where RelayState says,
/// and what it says is said at the gate's own address.
fn fit_for(
    state: &SsoState,
    to: &ServiceProvider,
    relay_state: Option<String>,
) -> Result<Option<String>, Unfit> {
    let is_behind = state.jira_login.is_some() && to.is_jira();
    let is_here = |address: &String| ReturnTo::parse(address).is_some();
    if is_behind && !relay_state.as_ref().is_none_or(is_here) {
        return Err(Unfit::Elsewhere);
    }
    Ok(relay_state)
}
