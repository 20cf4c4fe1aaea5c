//! The logos of providers, served by the gate: a page that loaded them from elsewhere would tell
//! others who is about to log in. Must not know what a login is.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::LoginState;
use crate::config::Logo;
use crate::domain::ProviderId;
use crate::problem::Problem;
use crate::web::Caller;
use crate::web::assets::{FOR_EVER, fingerprint};

/// The address of a logo.
pub(super) fn address(provider: &ProviderId, logo: &Logo) -> String {
    format!("/_gate/logo/{provider}?v={}", fingerprint(&logo.bytes))
}

/// `GET /_gate/logo/{provider}`
pub(super) async fn serve(
    State(state): State<LoginState>,
    Extension(caller): Extension<Caller>,
    Path(provider): Path<String>,
) -> Response {
    let id = ProviderId::parse(&provider).ok();
    let provider = id.and_then(|id| state.authenticator.provider(&id));
    let Some(logo) = provider.and_then(|provider| provider.logo()) else {
        return state.problem(&Problem::NotFound, &caller);
    };
    let mut response = Response::new(Body::from(logo.bytes.clone()));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(logo.kind));
    response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    response
}
