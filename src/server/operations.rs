//! The listener for operators: health, readiness and metrics, on loopback and never where customers
//! are. Must not know how what it reports was found out.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use tokio::sync::watch;

use super::tls::Certificates;
use super::{Assembly, Reload, StartError};
use crate::auth::Provider;
use crate::config::ServiceProviderConfig;
use crate::gate::NodeState;
use crate::telemetry::{ProviderState, ReloadState, ServiceProviderState, Snapshot, UpstreamState};

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
        .map_err(|source| StartError::Bind { key: "gate.operations_listen", address, source })?;
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

impl Operations {
    fn snapshot(&self) -> Snapshot {
        snapshot(&self.assembly, *self.stopping.borrow())
    }
}

/// Ready means that customers may be sent here. That holds while a provider or JSM is down: the
/// pages that say so are better than none. The problems list tells of it.
async fn ready(State(operations): State<Operations>) -> Response {
    let now = operations.snapshot();
    let status = if now.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(now)).into_response()
}

async fn metrics(State(operations): State<Operations>) -> Response {
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    let metrics = operations.assembly.metrics();
    metrics.at_upstream(operations.assembly.at_upstream());
    let text = metrics.text(&operations.snapshot());
    ([(CONTENT_TYPE, kind)], text).into_response()
}

/// The present state. Asks nobody: the background tasks have found it out.
fn snapshot(assembly: &Assembly, draining: bool) -> Snapshot {
    let directory = assembly.directory();
    let portals = directory.portals();
    let snapshot = Snapshot {
        ready: !draining,
        draining,
        version: env!("CARGO_PKG_VERSION"),
        started_at: unix_seconds(assembly.started_at()),
        problems: Vec::new(),
        providers: assembly.authenticator().providers().iter().map(provider).collect(),
        portals: portals.all().iter().filter(|portal| !portal.gone).count(),
        directory_read_at: directory.last_refreshed().map(unix_seconds),
        directory_error: directory.last_error(),
        upstream: assembly.upstream_nodes().into_iter().map(upstream).collect(),
        sessions: assembly.sessions().count(),
        session_store_error: assembly.store().fault(),
        certificate_expires_at: assembly.certificates().and_then(Certificates::expires_at),
        service_providers: service_providers(assembly),
        reload: assembly.reloads().latest().map(|latest| reload(&latest)),
        emergency_open: assembly.emergency().open(),
        audit_lost: assembly.audit().lost(),
    };
    snapshot.with_problems(unix_seconds(assembly.now()))
}

fn provider(provider: &Provider) -> ProviderState {
    ProviderState {
        id: provider.id().to_string(),
        ready: provider.is_ready(),
        error: provider.last_error(),
        read_at: provider.last_read(),
    }
}

fn service_providers(assembly: &Assembly) -> Vec<ServiceProviderState> {
    let (config, keyrings) = (assembly.config(), assembly.saml_keyrings());
    let state = |one: &ServiceProviderConfig| {
        let keys = keyrings.of(&one.id)?.keys();
        let certificate_expires_at = keys.current.expires_at();
        Some(ServiceProviderState { id: one.id.to_string(), certificate_expires_at })
    };
    config.service_providers.iter().filter_map(state).collect()
}

fn upstream(node: NodeState) -> UpstreamState {
    let NodeState { name, resolved, up } = node;
    UpstreamState { node: name, resolved, up }
}

/// A file can have many mistakes. The first line says how many; the log has the rest.
fn reload(reload: &Reload) -> ReloadState {
    let first_line = |why: &String| why.trim().lines().next().unwrap_or_default().to_owned();
    ReloadState { at: unix_seconds(reload.at), refused: reload.refused.as_ref().map(first_line) }
}

fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
