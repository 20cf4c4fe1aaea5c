//! A pingora that only forwards, with the gate's runtime, listener and upstream settings: what a
//! request costs before the gate does anything.
//!
//! ```text
//! bare ADDRESS UPSTREAM [CERTIFICATE KEY]
//! ```

use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::IntoRawFd as _;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use pingora::Result;
use pingora::listeners::ListenerConfig;
use pingora::listeners::tls::TlsSettings;
use pingora::modules::http::HttpModules;
use pingora::protocols::l4::stream::L4BufferSettings;
use pingora::proxy::{HttpProxy, ProxyHttp, ProxyServiceBuilder, Session};
use pingora::server::Fds;
use pingora::server::configuration::ServerConf;
use pingora::services::Service as _;
use pingora::services::listening::Service;
use pingora::upstreams::peer::{HttpPeer, HttpUpstreamRequestPolicy, PeerOptions};
use tokio::runtime::Builder;
use tokio::sync::watch;

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As the gate's connections: pingora reads into a buffer of its own, and head and body of a small
/// answer leave together.
const BUFFERS: L4BufferSettings = L4BufferSettings { read: Some(0), write: Some(4096) };

struct Bare {
    upstream: SocketAddr,
    options: PeerOptions,
}

#[async_trait]
impl ProxyHttp for Bare {
    type CTX = ();

    fn new_ctx(&self) {}

    fn init_downstream_modules(&self, _modules: &mut HttpModules) {}

    /// The gate's defaults.
    async fn early_request_filter(&self, session: &mut Session, (): &mut ()) -> Result<()> {
        session.set_keepalive(Some(60));
        session.set_total_drain_timeout(Some(Duration::from_secs(5)));
        session.set_write_timeout(Some(Duration::from_secs(60)));
        Ok(())
    }

    async fn upstream_peer(&self, _: &mut Session, (): &mut ()) -> Result<Box<HttpPeer>> {
        let mut peer = HttpPeer::new(self.upstream, false, "upstream".to_owned());
        peer.options = self.options.clone();
        Ok(Box::new(peer))
    }
}

fn main() -> std::result::Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (address, upstream, files) = match arguments.as_slice() {
        [address, upstream] => (address, upstream, None),
        [address, upstream, certificate, key] => (address, upstream, Some((certificate, key))),
        _ => return Err("usage: bare ADDRESS UPSTREAM [CERTIFICATE KEY]".into()),
    };
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let (_stop, stopping) = watch::channel(false);
    let mut workers = Vec::new();
    for _ in 0..thread::available_parallelism()?.get() {
        let mut service = service(upstream.parse()?);
        let mut endpoint = ListenerConfig::tcp(address).l4_buffer(BUFFERS);
        if let Some((certificate, key)) = files {
            endpoint = endpoint.tls(TlsSettings::intermediate(certificate, key)?);
        }
        service.add_listener(endpoint);
        let mut sockets = Fds::new();
        // pingora finds a socket by the text of its address.
        sockets.add(address.clone(), listener.try_clone()?.into_raw_fd());
        let sockets = Arc::new(Mutex::new(sockets));
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let stopping = stopping.clone();
        workers.push(thread::spawn(move || {
            runtime.block_on(service.start_service(Some(sockets), stopping, 1));
        }));
    }
    workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a worker failed".into()))
}

fn service(upstream: SocketAddr) -> Service<HttpProxy<Bare>> {
    let conf = Arc::new(ServerConf { max_retries: 2, ..ServerConf::default() });
    ProxyServiceBuilder::new(&conf, Bare { upstream, options: options() }).build()
}

fn options() -> PeerOptions {
    let mut options = PeerOptions::new();
    options.connection_timeout = Some(Duration::from_secs(5));
    options.total_connection_timeout = Some(Duration::from_secs(10));
    options.read_timeout = Some(Duration::from_secs(60));
    options.write_timeout = Some(Duration::from_secs(60));
    options.idle_timeout = Some(Duration::from_secs(15));
    options.http_upstream_request_policy = HttpUpstreamRequestPolicy::deny_upgrades();
    options
}
