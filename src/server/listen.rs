//! Sockets, bound before anything else: a port that is taken stops the start, which pingora's own
//! listeners would not (they retry for 30 s and then leave the process without one).

use std::net::{SocketAddr, TcpListener};

use super::StartError;

/// Binds every address, or none.
pub(super) fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, StartError> {
    addresses.iter().copied().map(bind_one).collect()
}

/// Binds one address.
pub(super) fn bind_one(address: SocketAddr) -> Result<TcpListener, StartError> {
    let error = |source| StartError::Bind { address, source };
    let listener = TcpListener::bind(address).map_err(error)?;
    listener.set_nonblocking(true).map_err(error)?;
    Ok(listener)
}

/// The address a socket got, with its port when 0 was asked for.
pub(super) fn address(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)))
}
