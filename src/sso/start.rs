//! A login at a service provider that the gate begins (SAML profiles 2.0, 4.1.5). Must not know how it is
//! answered.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use saml::ReadError;
use url::form_urlencoded;

use super::answer::{answer, is_looked_at};
use super::waiting::Waiting;
use super::{SsoState, refusal};
use crate::problem::Problem;
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
    let to = match state.service_provider(&id, &caller) {
        Ok(to) => to,
        Err(page) => return *page,
    };
    if !is_looked_at(&method, &headers) {
        return state.problem(&Problem::LoginNeeded, &caller);
    }
    match relay_state(&query.unwrap_or_default()) {
        Ok(relay_state) => {
            let waiting = Waiting::unasked(relay_state, state.now());
            answer(&state, &caller, &to, &waiting, &headers).await
        }
        Err(why) => refusal::of_request(&state, &caller, &to, &refusal::bad_request(&why), &why),
    }
}

/// Why RelayState is not taken.
#[derive(Debug, thiserror::Error)]
enum Unfit {
    #[error("the parameter RelayState stands there more than once")]
    Repeated,
    #[error(transparent)]
    Unread(#[from] ReadError),
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
