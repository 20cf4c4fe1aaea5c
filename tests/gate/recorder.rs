//! An upstream that is nothing but bytes: what the gate sends it, and what it says back.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// An upstream that writes down every byte and answers whatever looks like a request.
pub(crate) struct Recorder {
    pub(crate) address: std::net::SocketAddr,
    received: Arc<Mutex<String>>,
}

impl Recorder {
    pub(crate) async fn start() -> Self {
        Self::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await
    }

    /// One that says `answer`, and hangs up after one that does not say where it ends.
    pub(crate) async fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::<Mutex<String>>::default();
        let written = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(Self::answer(stream, Arc::clone(&written), answer));
            }
        });
        Self { address, received }
    }

    async fn answer(mut stream: TcpStream, received: Arc<Mutex<String>>, answer: &str) {
        let has_end = answer.contains("Content-Length: 2") || answer.ends_with("0\r\n\r\n");
        let mut buffer = [0; 8192];
        let mut pending = String::new();
        while let Ok(read @ 1..) = stream.read(&mut buffer).await {
            let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
            pending.push_str(&text);
            received.lock().unwrap().push_str(&text);
            let body_over = !pending.contains("chunked") || pending.contains("0\r\n\r\n");
            if pending.contains("\r\n\r\n") && body_over {
                pending.clear();
                stream.write_all(answer.as_bytes()).await.unwrap();
                if !has_end {
                    return;
                }
            }
        }
    }

    /// Begins anew, as after a login.
    pub(crate) fn forget(&self) {
        self.received.lock().unwrap().clear();
    }

    /// The customers' requests; the gate's own REST calls left out.
    pub(crate) fn customers(&self) -> String {
        let received = self.received.lock().unwrap();
        received.split_inclusive("\r\n\r\n").filter(|part| !part.contains("jsm-gate/")).collect()
    }
}
