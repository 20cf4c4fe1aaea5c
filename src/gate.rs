//! The request path: hygiene, route, access, then forward or page. It is the only room besides
//! `server` that knows pingora; it must not know OpenID Connect or the shapes of JSM's REST API.

mod access_log;
mod admit;
mod ahead;
mod answer;
mod app;
mod at_jira;
mod audit_portal;
mod body_check;
mod caching;
mod client;
mod context;
mod failure;
mod framing;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod hop_by_hop;
mod hygiene;
mod identity;
mod in_process;
mod incoming;
mod isolation;
mod jira_visit;
mod links;
mod load;
mod nodes;
mod pace;
mod path_check;
mod proxy;
mod read_deadline;
mod refusal;
mod reply;
mod rewrite;
mod stripped_headers;
mod translate;
mod tunnel;
mod turn;
mod upload;
mod upstream;
mod way_in;
mod whole_body;
mod worker;

use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tokio::sync::watch;

pub use app::{App, AppParts};
pub use nodes::NodeState;
pub use pace::{LEAST, WINDOW};
pub use read_deadline::ReadDeadline;
pub use upstream::NoHost;

use load::Load;
use worker::Worker;

use crate::telemetry::Metrics;

/// The proxy: everything that customers reach, as one thread serves it.
pub struct Gate {
    app: Arc<ArcSwap<App>>,
    worker: Arc<Worker>,
    /// Those of all threads.
    workers: Arc<Mutex<Vec<Arc<Worker>>>>,
    metrics: Arc<Metrics>,
    close_tunnels: watch::Sender<()>,
}

impl Gate {
    /// A gate that serves whatever `app` holds when a request arrives.
    #[must_use]
    pub fn new(app: Arc<ArcSwap<App>>, metrics: Arc<Metrics>) -> Self {
        let worker = Arc::new(Worker::new(&app, &metrics, &Arc::new(Load::default())));
        let workers = Arc::new(Mutex::new(vec![Arc::clone(&worker)]));
        Self { app, worker, workers, metrics, close_tunnels: watch::Sender::new(()) }
    }

    /// The same gate for another thread.
    #[must_use]
    pub fn for_another_thread(&self) -> Self {
        let worker = Arc::new(Worker::new(&self.app, &self.metrics, &self.worker.load));
        self.workers.lock().push(Arc::clone(&worker));
        Self {
            app: Arc::clone(&self.app),
            worker,
            workers: Arc::clone(&self.workers),
            metrics: Arc::clone(&self.metrics),
            close_tunnels: self.close_tunnels.clone(),
        }
    }

    /// Counts the requests under way, of all threads.
    pub fn in_flight(&self) -> impl Fn() -> usize + Send + 'static {
        let workers = Arc::clone(&self.workers);
        move || workers.lock().iter().map(|worker| worker.in_flight()).sum()
    }

    /// Counts those of them that customers sent who are logged in.
    pub fn of_customers(&self) -> impl Fn() -> usize + Send + 'static {
        let workers = Arc::clone(&self.workers);
        move || workers.lock().iter().map(|worker| worker.of_customers()).sum()
    }

    /// Counts the requests that JSM works on, and those that wait until it can.
    pub fn at_upstream(&self) -> impl Fn() -> (usize, usize) + Send + 'static {
        let load = Arc::clone(&self.worker.load);
        move || load.at_upstream()
    }

    /// Closes every WebSocket: customers' pages open them again, under what holds by then.
    pub fn close_tunnels(&self) -> impl Fn() + Send + Sync + 'static {
        let close = self.close_tunnels.clone();
        move || close.send_replace(())
    }
}
