//! The stand-in's socket: routes, start and stop. It must not know what is behind a route.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::state::App;
use super::{
    api, attachments, middleware, models, pages, platform, requests, rest, saml_login, spellings,
};

/// How long a stop waits for answers under way.
const GRACE: Duration = Duration::from_millis(500);

/// A listening server.
#[derive(Debug)]
pub(super) struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    pub(super) fn start(listener: TcpListener, app: App) -> Self {
        let (stop, stopped) = oneshot::channel();
        let routes = routes(app);
        let task = tokio::spawn(async move {
            // Also ends when the handle is dropped.
            let stopped = async { drop(stopped.await) };
            // The error type is there for form; serving itself never ends with one.
            let _ = axum::serve(listener, routes).with_graceful_shutdown(stopped).await;
        });
        Self { stop, task }
    }

    pub(super) async fn stop(self) {
        let Self { stop, mut task } = self;
        let _ = stop.send(());
        if tokio::time::timeout(GRACE, &mut task).await.is_err() {
            task.abort();
            let _ = task.await;
        }
    }
}

fn routes(app: App) -> Router {
    let context = app.context_path().to_owned();
    let portal = pages::routes()
        .merge(requests::routes())
        .merge(attachments::routes())
        .merge(models::routes())
        .merge(spellings::routes())
        .merge(saml_login::routes::routes())
        .merge(api::media())
        .merge(api::attached_form());
    let jira = portal.merge(calls());
    let site = if context.is_empty() { jira } else { Router::new().nest(&context, jira) };
    let site = if app.is_cloud() { site.nest("/ex/jira/{cloud_id}", calls()) } else { site };
    site.fallback(pages::not_found)
        .layer(from_fn_with_state(Arc::clone(&app), saml_login::sessions::guard))
        .layer(from_fn_with_state(Arc::clone(&app), middleware::misbehave))
        .layer(from_fn_with_state(Arc::clone(&app), middleware::send))
        .layer(from_fn_with_state(Arc::clone(&app), middleware::record))
        .with_state(app)
}

/// The REST calls, which Cloud also answers through its gateway.
fn calls() -> Router<App> {
    rest::routes().merge(platform::routes()).merge(api::routes())
}
