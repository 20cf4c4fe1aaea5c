//! An upstream behind TLS: its certificate is checked, against its name and a known authority.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::StatusCode;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::site::{Site, site, until};

const PAGE: &str = "/servicedesk/customer/portals";

/// A server with a certificate for `name` that answers every request with 200; returns its address
/// and the certificate.
async fn upstream_for(name: &str) -> (SocketAddr, String) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            tokio::spawn(async move {
                let mut buffer = [0; 8192];
                while let Ok(1..) = stream.read(&mut buffer).await {
                    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nencrypted";
                    if stream.write_all(answer).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, made.cert.pem())
}

async fn ask(name: &str, trusted: bool) -> (StatusCode, String) {
    let (address, certificate) = upstream_for(name).await;
    let trusted = if trusted { certificate.as_str() } else { "" };
    let site = behind(address, trusted, "").await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(PAGE)).await;
    (page.status, page.body)
}

/// A gate that knows JSM as `localhost`, at the port of `address`, and trusts these certificates.
async fn behind(address: SocketAddr, trusted: &str, forward: &str) -> Site {
    let folder = tempfile::TempDir::new().unwrap();
    let authority = folder.path().join("authority.pem");
    fs::write(&authority, trusted).unwrap();
    let trust = if trusted.is_empty() { String::new() } else { format!("ca_file = {authority:?}") };
    let keys = format!("{forward}\n{trust}");
    let url = format!("https://localhost:{}", address.port());
    site().with_upstream_url(&url).with_forward(&keys).start().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_a_trusted_authority_for_the_right_name_is_accepted() {
    assert_eq!(ask("localhost", true).await, (StatusCode::OK, "encrypted".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_nobody_known_is_refused() {
    let (status, body) = ask("localhost", false).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(body.contains("upstream-unreachable"), "{body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_for_another_name_is_refused() {
    let (status, body) = ask("elsewhere.example", true).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(body.contains("upstream-unreachable"), "{body}");
}

/// Whoever takes a node's place must not get a request: another certificate is as good as no node.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_jsms_certificate_gets_nothing_and_the_others_serve() {
    let (right, certificate) = upstream_for("localhost").await;
    let (wrong, other) = upstream_for("elsewhere.example").await;
    let keys = format!("upstreams = [\"{wrong}\", \"{right}\"]\nhealth_interval = \"50ms\"");
    let site = behind(right, &format!("{certificate}{other}"), &keys).await;
    // Enough customers for both nodes to be somebody's own.
    for _ in 0..8 {
        let page = site.logged_in("ann").await.open(&site.at(PAGE)).await;
        assert_eq!((page.status, page.body.as_str()), (StatusCode::OK, "encrypted"));
    }
    let is_up = |address: SocketAddr| {
        let nodes = site.gate.assembly().upstream_nodes();
        nodes.iter().find(|node| node.name == address.to_string()).unwrap().up
    };
    until("the wrong node is known", || !is_up(wrong)).await;
    assert!(is_up(right));
}
