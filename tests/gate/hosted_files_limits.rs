//! Limits of files that customers send: what is too large, too many or badly named, and who sends slowly.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hosted_acts::{open, ticket as ticket_at};
use crate::hosted_files::{
    Body, FORM, MULTIPART, form, hosted, hosted_at, hosted_with, names, raised, send, send_to,
    ticket, ticket_of, uploads,
};
use crate::hosted_site::ANN;
use crate::site::{Site, TEST_TIMEOUT, site, until};
use crate::visitor::Visitor;

/// What is wrong with a file is said at its field, and everything else stays.
#[rstest]
#[case::empty(&[("a.txt", 0)], &["“a.txt” is empty"], 0)]
#[case::too_large(
    &[("a.txt", 2001)],
    &["“a.txt” is too large: 0.1 MB. Files may have up to 0.1 MB each"],
    0
)]
#[case::large_enough(&[("a.txt", 2000)], &[], 1)]
#[case::too_many(
    &[("a.txt", 1), ("b.txt", 1), ("c.txt", 1), ("d.txt", 1)],
    &["You can add up to 3 files. You have 4"],
    3
)]
#[case::one_of_three(&[("a.txt", 1), ("b.txt", 0), ("c.txt", 3000)], &["“b.txt”", "“c.txt”"], 1)]
#[tokio::test(flavor = "multi_thread")]
async fn p25_a_wrong_file_is_told_and_the_rest_is_kept(
    #[case] files: &[(&str, usize)],
    #[case] told: &[&str],
    #[case] kept: usize,
    #[values(JsmSettings::cloud(), JsmSettings::data_center())] jsm: JsmSettings,
) {
    let site = hosted_with(jsm, "file_bytes = \"2KB\"\nfiles = 3").await;
    let mut ann = site.logged_in("ann").await;
    let body = Body::with(&ticket(&site, &mut ann).await).text("summary", "My screen");
    let body = files.iter().fold(body, |body, (name, len)| body.file(name, vec![b'x'; *len]));
    let sent = send(&site, &mut ann, body.text("act", "send")).await;
    if told.is_empty() {
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        return;
    }
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.body);
    for words in told {
        assert!(sent.body.contains(words), "without {words}: {}", sent.body);
    }
    assert_eq!(sent.body.matches("name=\"remove\"").count(), kept, "{}", sent.body);
    assert!(sent.body.contains("value=\"My screen\""), "{}", sent.body);
    assert_eq!(raised(&site).len(), 0);
    let again = Body::with(&sent.ticket()).text("summary", "My screen").text("act", "send");
    assert_eq!(send(&site, &mut ann, again).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.jsm.files("IT-1").len(), kept);
}

/// Of the gate's own limit and Jira's the smaller one counts, and is said before anything is sent.
#[rstest]
#[case::jiras("2MB", 1_000_000, "Up to 1 MB each")]
#[case::own("1MB", 2_000_000, "Up to 1 MB each")]
#[tokio::test(flavor = "multi_thread")]
async fn p25_the_smaller_limit_counts_and_is_said_before(
    #[case] own: &str,
    #[case] jiras: u64,
    #[case] said: &str,
    #[values(JsmSettings::cloud(), JsmSettings::data_center())] jsm: JsmSettings,
) {
    let site = hosted_with(jsm, &format!("file_bytes = \"{own}\"")).await;
    site.jsm.limit_files(jiras);
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = form(&site, &mut ann).await.body;
    assert!(page.contains(said), "{page}");
    let reply = open(&site, &mut ann, &key).await;
    assert!(reply.body.contains(said), "{}", reply.body);
    let large = vec![b'x'; 1_000_001];
    let body = Body::with(&ticket_of(&page)).text("summary", "My screen").file("a.txt", &large);
    let sent = send(&site, &mut ann, body.text("act", "send")).await;
    assert!(
        sent.body.contains("“a.txt” is too large: 1.1 MB. Files may have up to 1 MB"),
        "{}",
        sent.body
    );
    let large = String::from_utf8(large).unwrap();
    let body =
        Body::with(&ticket_at(&reply, "/comment")).text("body", "x").attached("b.txt", &large);
    let sent = send_to(&site, &mut ann, &format!("/p/it/{key}/comment"), body).await;
    assert!(sent.body.contains("“b.txt” is too large"), "{}", sent.body);
    assert_eq!(raised(&site).len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_takes_no_files_where_jira_takes_none() {
    let site = hosted(JsmSettings::cloud()).await;
    site.jsm.take_files(false);
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let page = open(&site, &mut ann, &key).await;
    assert!(
        page.body.contains("<textarea") && !page.body.contains("type=\"file\""),
        "{}",
        page.body
    );
}

/// Where Jira does not tell its limit, the gate's own is said, and Jira refuses what it does not take.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_shown_though_jira_does_not_tell_its_limit() {
    let site = hosted(JsmSettings::cloud()).await;
    site.jsm.answer_next(9, &Canned::json(403, "{}").for_calls(Method::GET, "/attachment/meta"));
    let mut ann = site.logged_in("ann").await;
    let page = form(&site, &mut ann).await.body;
    assert!(page.contains("Up to 100 MB each"), "{page}");
}

#[rstest]
#[case::folders("../../etc/passwd", "passwd")]
#[case::folders_of_windows("C:\\Temp\\a.txt", "a.txt")]
#[case::line_break("a%0D%0AX-Evil: 1.txt", "aX-Evil: 1.txt")]
#[case::quotes("6%22 pipe.pdf", "6\" pipe.pdf")]
#[case::turned_round("gpj.\u{202e}exe.txt", "gpj.exe.txt")]
#[case::hidden(".htaccess", "htaccess")]
#[case::long(&"x".repeat(300), &"x".repeat(255))]
#[case::markup("<b>a.txt", "<b>a.txt")]
#[tokio::test(flavor = "multi_thread")]
async fn p25_a_file_reaches_jsm_by_a_name_that_does_no_harm(
    #[case] given: &str,
    #[case] name: &str,
) {
    let site = hosted(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    let body = Body::with(&ticket(&site, &mut ann).await).text("summary", "My screen");
    let sent = send(&site, &mut ann, body.file(given, "x").text("act", "send")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(names(&site, "IT-1"), [name]);
    let request = ann.open(&sent.location).await.body;
    assert!(!request.contains("<b>a"), "{request}");
}

/// A form under way to the gate, byte by byte.
async fn begin(site: &Site, visitor: &mut Visitor, length: usize) -> TcpStream {
    let ticket = ticket(site, visitor).await;
    let begin = Body::with(&ticket).text("summary", "My screen").0;
    let begin = String::from_utf8(begin).unwrap();
    let head = "--b\r\nContent-Disposition: form-data; name=\"attachment\"; \
                filename=\"big.bin\"\r\n\r\n";
    let whole = begin.len() + head.len() + length + END.len();
    let (origin, cookie) = (&site.url, visitor.cookie_header(&site.url));
    let head = format!(
        "POST {FORM} HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nCookie: {cookie}\r\n\
         Content-Type: {MULTIPART}\r\nContent-Length: {whole}\r\n\r\n{begin}{head}",
        site.address
    );
    let mut stream = TcpStream::connect(site.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

const END: &[u8] = b"\r\n--b--\r\n";

/// What the customer has sent is at JSM while the rest is still to come: the gate keeps none of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_passed_on_while_it_arrives() {
    const LENGTH: usize = 32_000_000;
    const HALF: usize = LENGTH / 2;
    let site = hosted(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    let mut stream = begin(&site, &mut ann, LENGTH).await;
    let half = vec![b'x'; HALF];
    stream.write_all(&half).await.unwrap();
    let arrived = || uploads(&site).first().map_or(0, |it| it.body_len);
    until("all that was sent is at JSM", || arrived() >= HALF as u64).await;
    assert!(raised(&site).is_empty(), "the form is not over");
    stream.write_all(&half).await.unwrap();
    stream.write_all(END).await.unwrap();
    let mut answer = [0; 12];
    timeout(TEST_TIMEOUT, stream.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"HTTP/1.1 303");
    assert_eq!(names(&site, "IT-1"), ["big.bin"]);
}

/// A JSM that takes nothing more of a file does not hold its customer for ever.
#[tokio::test(flavor = "multi_thread")]
async fn p25_an_upload_to_a_jsm_that_stops_reading_ends() {
    const LENGTH: usize = 32_000_000;
    let site = hosted_at(site().with_jsm("timeout = \"2s\""), JsmSettings::cloud(), "").await;
    let mut ann = site.logged_in("ann").await;
    let mut stream = begin(&site, &mut ann, LENGTH).await;
    site.jsm.answer_next(1, &Canned::hanging().for_calls(Method::POST, "/attachTemporaryFile"));
    stream.write_all(&vec![b'x'; LENGTH]).await.unwrap();
    stream.write_all(END).await.unwrap();
    let answer = answer(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(answer.contains("“big.bin” was not uploaded. Choose it again"), "{answer}");
    assert_eq!(raised(&site).len(), 0);
}

/// The whole of an answer whose connection stays open.
async fn answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let whole = async {
        while !answer.ends_with(b"</html>\n") && !answer.ends_with(b"</html>") {
            assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "the answer breaks off");
        }
    };
    timeout(TEST_TIMEOUT, whole).await.expect("an answer");
    String::from_utf8(answer).unwrap()
}

/// So many files are under way, and one customer has a part of that: others get through meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn p25_a_customer_who_sends_slowly_keeps_nobody_else_from_uploading() {
    let few = site().with_jsm("timeout = \"2s\"\nconcurrency = 1");
    let site = hosted_at(few, JsmSettings::cloud(), "").await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let tickets = [ticket(&site, &mut ann).await, ticket(&site, &mut bob).await];
    let mut slow = begin(&site, &mut ann, 1000).await;
    slow.write_all(b"x").await.unwrap();
    until("a file is on its way to JSM", || uploads(&site).len() == 1).await;
    let [of_ann, of_bob] = tickets.map(|ticket| {
        Body::with(&ticket).text("summary", "My screen").file("one.txt", "1").text("act", "send")
    });
    let second = send(&site, &mut ann, of_ann).await;
    assert_eq!(second.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", second.body);
    let words = "“one.txt” was not uploaded: too many files are on their way at the moment";
    assert!(second.body.contains(words), "{}", second.body);
    assert_eq!(send(&site, &mut bob, of_bob).await.status, StatusCode::SEE_OTHER);
    // Whoever is done makes room.
    slow.write_all(&[b'x'; 999]).await.unwrap();
    slow.write_all(END).await.unwrap();
    let first = &mut [0; 12];
    timeout(TEST_TIMEOUT, slow.read_exact(first)).await.unwrap().unwrap();
    assert_eq!(first, b"HTTP/1.1 303");
    let again = Body::with(&second.ticket()).text("summary", "My screen").file("one.txt", "1");
    let again = send(&site, &mut ann, again.text("act", "send")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.body);
}
