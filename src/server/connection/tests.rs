use std::io::ErrorKind;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::*;
use crate::gate::WINDOW;
use crate::server::connection_limits::tests::permit;

/// The gate's end of a connection and the customer's.
async fn connected() -> (Connection, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let customers = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, peer) = listener.accept().await.unwrap();
    (Connection::new(stream, peer, permit().await).unwrap(), customers)
}

/// docs/security.md G7. The clock moves on by itself when there is nothing else to do.
#[tokio::test(start_paused = true)]
async fn g7_who_reads_nothing_is_given_up() {
    let (mut connection, _customers) = connected().await;
    let error = loop {
        connection.write_all(&[b'x'; WRITE_BUFFER / 2]).await.unwrap();
        if let Err(error) = connection.flush().await {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test(start_paused = true)]
async fn who_reads_slowly_is_not() {
    let (mut connection, mut customers) = connected().await;
    let reading = tokio::spawn(async move {
        let (mut read, mut bytes) = (0, vec![0; 1 << 20]);
        while let Ok(more @ 1..) = customers.read(&mut bytes).await {
            if (read + more) >> 22 > read >> 22 {
                tokio::time::sleep(WINDOW * 9 / 10).await;
            }
            read += more;
        }
        read
    });
    connection.write_all(&vec![b'x'; 20 << 20]).await.unwrap();
    connection.flush().await.unwrap();
    drop(connection);
    assert_eq!(reading.await.unwrap(), 20 << 20);
}

/// The system's table of connections shows that a probe is scheduled (`timer_active` is 2).
#[tokio::test]
async fn who_vanishes_is_noticed() {
    let (connection, customers) = connected().await;
    let ports = [connection.stream.get_ref().local_addr(), customers.local_addr()];
    let [ours, theirs] = ports.map(|address| format!("0100007F:{:04X}", address.unwrap().port()));
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let line = table.lines().find(|line| line.contains(&format!("{ours} {theirs}"))).unwrap();
    assert!(line.split_whitespace().nth(5).unwrap().starts_with("02:"), "{line}");
}

/// docs/security.md G1: an incomplete request is not kept without a limit.
#[tokio::test]
async fn g1_a_head_without_an_end_is_not_read_for_ever() {
    let (mut connection, mut customers) = connected().await;
    let sending =
        tokio::spawn(async move { while customers.write_all(&[b'x'; 4096]).await.is_ok() {} });
    let (mut read, mut bytes) = (0, [0; 4096]);
    let error = loop {
        match connection.read(&mut bytes).await {
            Ok(more) => read += more,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(read <= HEAD_LIMIT, "{read} bytes were read");
    drop(connection);
    sending.await.unwrap();
}
