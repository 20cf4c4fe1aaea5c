//! A customer's connection as pingora reads and writes it. It limits how long a head may take, how
//! much may come before a request is complete, and how slowly answers may be taken, and it joins
//! small writes. Must not know HTTP.

mod send_rate;

use std::fmt;
use std::future::Future as _;
use std::io;
use std::net::SocketAddr;
use std::os::fd::AsRawFd as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_trait::async_trait;
use http::StatusCode;
use pingora::http::ResponseHeader;
use pingora::protocols::l4::ext::{TcpKeepalive, set_tcp_keepalive};
use pingora::protocols::l4::socket::SocketAddr as AnyAddress;
use pingora::protocols::raw_connect::ProxyDigest;
use pingora::protocols::{
    GetProxyDigest, GetSocketDigest, GetTimingDigest, Peek, Shutdown, SocketDigest, Ssl,
    TimingDigest, UniqueID, UniqueIDType,
};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufWriter, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use send_rate::SendRate;

use super::connection_limits::ConnectionPermit;
use crate::gate::ReadDeadline;

/// Head and body of a small answer are sent together.
const WRITE_BUFFER: usize = 4096;

/// Keepalive probes: a customer who vanished is noticed within two minutes, also on a WebSocket,
/// which may be silent for as long as it likes.
const KEEPALIVE: TcpKeepalive = TcpKeepalive {
    idle: Duration::from_secs(60),
    interval: Duration::from_secs(15),
    count: 4,
    user_timeout: Duration::ZERO,
};

/// How much may come before a request is complete. pingora would keep up to 1 MB of a head, and
/// checks the size only when all of it is there.
const HEAD_LIMIT: usize = 256 * 1024;

/// How much is read at once, also within TLS. The gate reads the beginning of a body before it asks
/// JSM, and pingora can play back at most twice as much.
pub(super) const READ_LIMIT: usize = 32 * 1024;

/// How long data that the customer still sends is read and dropped after the last answer. Otherwise
/// the system resets the connection, and the page that says why an upload is refused is lost.
const LINGER: Duration = Duration::from_secs(5);

/// One connection. Dropping it returns its permit.
pub(super) struct Connection {
    stream: BufWriter<TcpStream>,
    deadline: Arc<ReadDeadline>,
    /// How many requests had begun when data last arrived.
    heard: usize,
    /// Wakes at the deadline or earlier. Made on the first wait.
    alarm: Option<Pin<Box<Sleep>>>,
    /// Whether the deadline has passed. Nothing more is read then.
    overdue: bool,
    /// Bytes that arrived since a request began.
    unasked_bytes: usize,
    /// How fast the customer takes what is sent.
    send_rate: SendRate,
    /// Ends the time after the last answer. Made when that is sent.
    linger: Option<Pin<Box<Sleep>>>,
    socket: Arc<SocketDigest>,
    /// Carries the deadline along to the gate, where pingora allows it.
    carried: Arc<ProxyDigest>,
    _permit: ConnectionPermit,
}

impl Connection {
    pub(super) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        permit: ConnectionPermit,
    ) -> io::Result<Self> {
        let deadline = Arc::clone(&permit.deadline);
        stream.set_nodelay(true)?;
        set_tcp_keepalive(&stream, &KEEPALIVE).map_err(io::Error::other)?;
        let socket = SocketDigest::from_raw_fd(stream.as_raw_fd());
        // It is known already; pingora would ask the system again.
        drop(socket.peer_addr.set(Some(AnyAddress::Inet(peer))));
        let header = ResponseHeader::build(StatusCode::OK, Some(0)).map_err(io::Error::other)?;
        let carried = ProxyDigest::new(Box::new(header), Some(Box::new(Arc::clone(&deadline))));
        Ok(Self {
            stream: BufWriter::with_capacity(WRITE_BUFFER, stream),
            deadline,
            heard: 0,
            alarm: None,
            overdue: false,
            unasked_bytes: 0,
            send_rate: SendRate::default(),
            linger: None,
            socket: Arc::new(socket),
            carried: Arc::new(carried),
            _permit: permit,
        })
    }

    /// Ready when the deadline of the next head has passed.
    fn poll_overdue(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let Some(due) = self.deadline.due(self.heard).map(Instant::from_std) else {
                return Poll::Pending;
            };
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
            if alarm.deadline() > due {
                alarm.as_mut().reset(due);
            }
            if alarm.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if Instant::now() >= due {
                self.overdue = true;
                return Poll::Ready(());
            }
            // It was set for an earlier head.
            alarm.as_mut().reset(due);
        }
    }

    /// Records that bytes arrived. An error when too many arrived without a request.
    fn note_read(&mut self, bytes: usize) -> io::Result<()> {
        let begun = self.deadline.begun();
        if begun != self.heard || self.deadline.is_under_way() {
            self.unasked_bytes = 0;
        }
        self.heard = begun;
        self.unasked_bytes = self.unasked_bytes.saturating_add(bytes);
        if self.unasked_bytes > HEAD_LIMIT {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a request without an end"));
        }
        Ok(())
    }

    /// The result of a write; an error when the customer takes too little.
    fn unless_stalled<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.send_rate.record_progress();
            return written;
        }
        let too_slow = self.send_rate.poll_too_slow(cx, self.stream.get_ref().as_raw_fd());
        too_slow.map(|()| Err(io::Error::from(io::ErrorKind::TimedOut)))
    }

    /// Ready when the customer has closed as well, or has had the time to.
    fn poll_read_away(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.overdue {
            return Poll::Ready(());
        }
        let linger = self.linger.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        // Checked first, so that endless data cannot prevent it.
        if linger.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let mut bytes = [0; 4096];
        loop {
            let mut rest = ReadBuf::new(&mut bytes);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut rest));
            if read.is_err() || rest.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut part =
            ReadBuf::new(buffer.initialize_unfilled_to(buffer.remaining().min(READ_LIMIT)));
        match Pin::new(&mut self.stream).poll_read(cx, &mut part) {
            Poll::Pending => {
                self.poll_overdue(cx).map(|()| Err(io::Error::from(io::ErrorKind::TimedOut)))
            }
            Poll::Ready(Ok(())) => {
                let read = part.filled().len();
                buffer.advance(read);
                Poll::Ready(self.note_read(read))
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.unless_stalled(cx, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.unless_stalled(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
            ready!(self.unless_stalled(cx, shut))?;
        }
        self.poll_read_away(cx).map(Ok)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.unless_stalled(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[async_trait]
impl Shutdown for Connection {
    async fn shutdown(&mut self) {
        if let Err(error) = AsyncWriteExt::shutdown(self).await {
            tracing::debug!(%error, "a connection broke off");
        }
    }
}

impl UniqueID for Connection {
    fn id(&self) -> UniqueIDType {
        self.stream.get_ref().as_raw_fd()
    }
}

impl GetProxyDigest for Connection {
    fn get_proxy_digest(&self) -> Option<Arc<ProxyDigest>> {
        Some(Arc::clone(&self.carried))
    }
}

impl GetSocketDigest for Connection {
    fn get_socket_digest(&self) -> Option<Arc<SocketDigest>> {
        Some(Arc::clone(&self.socket))
    }
}

impl GetTimingDigest for Connection {
    fn get_timing_digest(&self) -> Vec<Option<TimingDigest>> {
        Vec::new()
    }
}

impl Ssl for Connection {}

impl Peek for Connection {}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.socket.peer_addr()).finish()
    }
}

#[cfg(test)]
mod tests;
