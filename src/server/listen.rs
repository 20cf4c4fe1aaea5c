//! Listening sockets: those that systemd hands over, or else new ones, before anything else starts.
//! A port that is taken stops the start; pingora's own listeners would retry for 30 s and then run
//! without one. Must not know who accepts.

use std::io;
use std::net::{SocketAddr, TcpListener};

use listenfd::ListenFd;
use socket2::{Domain, Protocol, Socket, Type};

use super::StartError;

/// How many new connections may wait in the system's queue. The system may allow fewer
/// (`net.core.somaxconn`).
const BACKLOG: i32 = 4096;

/// The public listeners. Those that systemd hands over stay open during a restart, so that new
/// connections wait in their queue. Without them all addresses are bound, or none.
pub(super) fn public(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, StartError> {
    let inherited = inherited()?;
    if !inherited.is_empty() {
        tracing::info!("the sockets come from systemd; [gate] listen is not used");
        return Ok(inherited);
    }
    bind_each(addresses).collect()
}

/// Binds each address of `gate.listen`, with the result of each.
pub fn bind_each(
    addresses: &[SocketAddr],
) -> impl Iterator<Item = Result<TcpListener, StartError>> {
    let dual = |address: &SocketAddr| {
        let same_port = |other: &SocketAddr| other.is_ipv4() && other.port() == address.port();
        !addresses.iter().any(same_port)
    };
    addresses.iter().map(move |address| open("gate.listen", *address, dual(address)))
}

/// Binds the one address that `key` names.
///
/// # Errors
/// When it cannot be used.
pub fn bind_one(key: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    open(key, address, true)
}

/// What to do about an address that cannot be bound.
#[must_use]
pub fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => "see who does with: ss -ltnp",
        io::ErrorKind::PermissionDenied => {
            "ports below 1024 need CAP_NET_BIND_SERVICE, which the unit gives the gate: start it with \
             systemctl, or run the command as root"
        }
        _ => "see the addresses of this machine with: ip address",
    }
}

/// The address of a socket, with its port when 0 was asked for.
pub(super) fn address(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([0, 0, 0, 0], 0)))
}

/// The sockets that systemd's socket unit opened (`sd_listen_fds(3)`).
fn inherited() -> Result<Vec<TcpListener>, StartError> {
    let mut sockets = ListenFd::from_env();
    let count = sockets.len();
    let listener = |at| {
        let listener = sockets.take_tcp_listener(at).map_err(StartError::Inherited)?;
        let Some(listener) = listener else { return Ok(None) };
        listener.set_nonblocking(true).map_err(StartError::Inherited)?;
        Ok(Some(listener))
    };
    (0..count).map(listener).filter_map(Result::transpose).collect()
}

/// An IPv6 address also accepts IPv4 where that is wanted: `[::]:443` alone means everything, and
/// beside `0.0.0.0:443` it could not be bound.
fn open(key: &'static str, address: SocketAddr, dual: bool) -> Result<TcpListener, StartError> {
    let socket = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if address.is_ipv6() {
            socket.set_only_v6(!dual)?;
        }
        // As the standard library does: a port that was in use a moment ago is not taken.
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        socket.set_nonblocking(true)?;
        Ok(socket.into())
    };
    socket().map_err(|source| StartError::Bind { key, address, source })
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    fn port_of(listener: &TcpListener) -> u16 {
        address(listener).port()
    }

    #[test]
    fn both_kinds_of_addresses_may_have_the_same_port() {
        let port = port_of(&bind_one("gate.listen", "[::]:0".parse().unwrap()).unwrap());
        let both = [format!("0.0.0.0:{port}"), format!("[::]:{port}")];
        let listeners = public(&both.map(|address| address.parse().unwrap())).unwrap();
        assert_eq!(listeners.len(), 2);
        for customer in [format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
            assert!(TcpStream::connect(&customer).is_ok(), "{customer}");
        }
    }

    #[test]
    fn one_address_of_ipv6_is_for_everybody_and_has_room_for_many() {
        let listeners = public(&["[::]:0".parse().unwrap()]).unwrap();
        let port = port_of(&listeners[0]);
        let waiting: Vec<_> = (0..300).map(|_| TcpStream::connect(("127.0.0.1", port))).collect();
        assert!(waiting.iter().all(Result::is_ok));
    }
}
