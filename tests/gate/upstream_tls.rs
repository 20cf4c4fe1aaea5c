//! An upstream behind TLS: its certificate is checked, against its name and a known authority.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::StatusCode;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::site::site;

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
    let folder = tempfile::TempDir::new().unwrap();
    let authority = folder.path().join("authority.pem");
    fs::write(&authority, certificate).unwrap();
    let mut builder = site().with_upstream_url(&format!("https://localhost:{}", address.port()));
    if trusted {
        builder = builder.with_forward(&format!("ca_file = {authority:?}"));
    }
    let site = builder.start().await;
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at("/servicedesk/customer/portals")).await;
    (page.status, page.body)
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
