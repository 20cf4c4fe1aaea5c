//! `[gate]` as the rest of the gate sees it.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;

use crate::domain::PublicUrl;

/// `[gate]`: where the gate is reached.
#[derive(Clone, Debug)]
pub struct GateConfig {
    /// What customers see.
    pub public_url: PublicUrl,
    /// Where to listen, unless systemd hands sockets over.
    pub listen: Vec<SocketAddr>,
    /// Certificate and key; none behind a front that ends TLS, or on loopback.
    pub tls: Option<TlsFiles>,
    /// Networks whose `X-Forwarded-*` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Where `/healthz`, `/readyz` and `/metrics` are served.
    pub operations_listen: Option<SocketAddr>,
    /// Where the directory and, unless told otherwise, sessions are kept.
    pub state_dir: PathBuf,
}

/// PEM files of the public listener.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The chain, leaf first.
    pub certificate: PathBuf,
    /// The key of the leaf.
    pub private_key: PathBuf,
}
