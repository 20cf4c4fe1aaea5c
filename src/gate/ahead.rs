//! Reads ahead: a small body whole, or the beginning of a large one, before JSM is asked. A
//! customer who sends drop by drop keeps no connection to JSM busy, and no thread there. pingora
//! plays back what was read. It must not know what is in the body.

use http::header::EXPECT;
use pingora::protocols::http::ServerSession;
use pingora::proxy::Session;
use tokio::time::timeout;

use super::pace::WINDOW;
use crate::problem::Problem;

/// How much is read. pingora plays back 64 KB at most; one more part, of at most half of that (RFC
/// 9113, section 4.2, and `server::connection`), may still come on top.
const ENOUGH: usize = 32 * 1024;

/// Reads the body's beginning, unless it was read before.
pub(crate) async fn read(session: &mut Session) -> Result<(), Problem> {
    let expects = session.req_header().headers.contains_key(EXPECT);
    let downstream = session.as_downstream_mut();
    downstream.enable_retry_buffering();
    if expects && downstream.write_continue_response().await.is_err() {
        return Err(Problem::bad_request(BROKE_OFF));
    }
    match timeout(WINDOW, read_enough(downstream)).await {
        Ok(true) if downstream.retry_buffer_truncated() => {
            tracing::error!("a body came in larger parts than can be played back");
            Err(Problem::Internal)
        }
        Ok(true) => {
            // The customer was told to continue already.
            session.req_header_mut().remove_header(&EXPECT);
            Ok(())
        }
        Ok(false) => Err(Problem::bad_request(BROKE_OFF)),
        Err(_) => Err(Problem::RequestTooSlow),
    }
}

const BROKE_OFF: &str = "its body broke off";

/// Reads until there is enough. Returns whether nothing broke off.
async fn read_enough(downstream: &mut ServerSession) -> bool {
    let mut length = 0;
    while length < ENOUGH {
        match downstream.read_request_body().await {
            Ok(Some(part)) => length += part.len(),
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncWriteExt as _, duplex};
    use tokio::time::sleep;

    use super::*;

    const HEAD: &[u8] = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";

    async fn reads(part: usize) -> Result<(), Problem> {
        let (mut customer, gates) = duplex(64 * 1024);
        customer.write_all(HEAD).await.unwrap();
        let mut session = Session::new_h1(Box::new(gates));
        session.as_downstream_mut().read_request().await.unwrap();
        tokio::spawn(async move {
            while customer.write_all(&vec![b'x'; part]).await.is_ok() {
                sleep(WINDOW / 10).await;
            }
        });
        read(&mut session).await
    }

    #[tokio::test(start_paused = true)]
    async fn g7_a_body_that_does_not_begin_in_time_is_given_up() {
        assert_eq!(reads(1).await.unwrap_err().code(), "request-too-slow");
        assert!(reads(ENOUGH / 4).await.is_ok());
    }
}
