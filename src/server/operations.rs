//! The listener for operators: alive, ready, metrics. On loopback, never where customers are.

use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;
use tokio::sync::watch;

use super::{Assembly, StartError};

#[derive(Clone)]
struct Operations {
    assembly: Arc<Assembly>,
    stopping: watch::Receiver<bool>,
}

/// Serves until the gate stops.
pub(super) fn serve(
    listener: TcpListener,
    assembly: Arc<Assembly>,
    stopping: watch::Receiver<bool>,
) -> Result<(), StartError> {
    let address = super::listen::address(&listener);
    let listener = tokio::net::TcpListener::from_std(listener)
        .map_err(|source| StartError::Bind { address, source })?;
    let router = Router::new()
        .route("/healthz", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Operations { assembly, stopping });
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "the operations listener stopped");
        }
    });
    Ok(())
}

/// Ready means: sends customers here. A provider or JSM that is down does not change that, since
/// the pages that say so are better than none; they are told all the same.
async fn ready(State(operations): State<Operations>) -> Response {
    let assembly = &operations.assembly;
    let draining = *operations.stopping.borrow();
    let status = if draining { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    let authenticator = assembly.authenticator();
    let providers = authenticator.providers().iter().map(|provider| {
        json!({ "id": provider.id(), "ready": provider.is_ready(), "error": provider.last_error() })
    });
    let nodes = assembly
        .upstream_nodes()
        .into_iter()
        .map(|node| json!({ "node": node.name, "resolved": node.resolved, "up": node.up }));
    let portals = assembly.directory().portals();
    let store_trouble = assembly.sessions().store_trouble();
    let body = json!({
        "ready": !draining,
        "draining": draining,
        "providers": providers.collect::<Vec<_>>(),
        "portals": portals.all().iter().filter(|portal| !portal.gone).count(),
        "upstream": nodes.collect::<Vec<_>>(),
        "directory_read_at": assembly.directory().last_refreshed().map(unix_seconds),
        "sessions": assembly.sessions().count(),
        "session_store": { "ready": store_trouble.is_none(), "error": store_trouble },
        "emergency_open": assembly.emergency().open(),
        "audit_lost": assembly.audit().lost(),
    });
    (status, axum::Json(body)).into_response()
}

async fn metrics(State(operations): State<Operations>) -> Response {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let metrics = operations.assembly.metrics();
    let nodes = operations.assembly.upstream_nodes().into_iter();
    metrics.upstream_nodes(nodes.map(|node| (node.name, node.resolved && node.up)));
    metrics.emergency_open(operations.assembly.emergency().open());
    ([(CONTENT_TYPE, kind)], metrics.text()).into_response()
}

fn unix_seconds(time: std::time::SystemTime) -> u64 {
    time.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
