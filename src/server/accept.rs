//! Accepts connections: a bounded number in all and from one address, each with a time limit. Must
//! not know requests.
//!
//! pingora's own listener is not used: it does not limit connections, waits a minute for TLS and
//! for every single read of a head, and keeps 64 KiB for each idle connection.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use pingora::apps::ServerApp;
use pingora::listeners::tls::Acceptor as TlsAcceptor;
use pingora::protocols::Stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::bounded_reads::BoundedReads;
use super::connection::Connection;
use super::connection_limits::{ConnectionLimits, ConnectionPermit};

/// How long to wait when no more files can be opened.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(200);

/// Accepts connections and hands them to pingora's app.
pub(super) struct Acceptor<A> {
    /// Speaks HTTP.
    pub(super) app: Arc<A>,
    /// Ends TLS; `None` behind a front that does.
    pub(super) tls: Option<Arc<TlsAcceptor>>,
    /// The limits that connections are held to.
    pub(super) connection_limits: Arc<ConnectionLimits>,
}

impl<A: ServerApp + Send + Sync + 'static> Acceptor<A> {
    pub(super) fn new(
        app: Arc<A>,
        tls: Option<Arc<TlsAcceptor>>,
        connection_limits: Arc<ConnectionLimits>,
    ) -> Arc<Self> {
        Arc::new(Self { app, tls, connection_limits })
    }

    /// Takes the sockets, and accepts on all of them until the gate stops. Other acceptors may use
    /// the same sockets.
    ///
    /// # Errors
    /// When a socket cannot be waited for.
    pub(super) fn open(
        self: Arc<Self>,
        sockets: &[std::net::TcpListener],
        stopping: &watch::Receiver<bool>,
    ) -> io::Result<impl Future<Output = ()> + Send + use<A>> {
        let listener = |socket: &std::net::TcpListener| TcpListener::from_std(socket.try_clone()?);
        let listeners = sockets.iter().map(listener).collect::<io::Result<Vec<_>>>()?;
        let accept = |listener| Arc::clone(&self).accept(listener, stopping.clone());
        let accepting: JoinSet<()> = listeners.into_iter().map(accept).collect();
        Ok(async move {
            accepting.join_all().await;
            // Idle connections end with the listeners.
            self.app.cleanup().await;
        })
    }

    /// Accepts until the gate stops. While no permit is free, new connections wait in the system's
    /// queue, where they cost the gate nothing.
    async fn accept(self: Arc<Self>, listener: TcpListener, mut stopping: watch::Receiver<bool>) {
        loop {
            let next = async {
                let free = self.connection_limits.free().await;
                (free, listener.accept().await)
            };
            let (free, accepted) = tokio::select! {
                next = next => next,
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            match accepted {
                Ok((stream, peer)) => {
                    if let Some(permit) =
                        free.and_then(|free| self.connection_limits.take(peer.ip(), free))
                    {
                        let served =
                            Arc::clone(&self).serve(stream, peer, permit, stopping.clone());
                        tokio::spawn(served);
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                }
            }
        }
    }

    async fn serve(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        permit: ConnectionPermit,
        stopping: watch::Receiver<bool>,
    ) {
        let connection = match Connection::new(stream, peer, permit) {
            Ok(connection) => connection,
            Err(error) => return tracing::debug!(%peer, %error, "a connection broke off"),
        };
        let stream: Stream = match &self.tls {
            None => Box::new(connection),
            Some(tls) => match tls.tls_handshake(connection).await {
                Ok(stream) => Box::new(BoundedReads(stream)),
                Err(error) => return tracing::debug!(%peer, %error, "no TLS"),
            },
        };
        let mut next = self.app.process_new(stream, &stopping).await;
        while let Some(stream) = next {
            next = self.app.process_new(stream, &stopping).await;
        }
    }
}
