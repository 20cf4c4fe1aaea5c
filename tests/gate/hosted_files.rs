//! Files that come with a request at a portal that the gate serves itself: they are passed on to JSM while
//! they arrive, kept with the form, and listed with it.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings, SeenRequest};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::hosted_acts::{audited, open, ticket as ticket_at};
use crate::hosted_site::{ANN, BOB, OPEN_IT, with_customers};
use crate::site::{Site, SiteBuilder, TEST_TIMEOUT, site, until};
use crate::visitor::{Page, Visitor, fields};

const FORM: &str = "/p/it/create/66";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";
const MULTIPART: &str = "multipart/form-data; boundary=b";

async fn hosted(jsm: JsmSettings) -> Site {
    hosted_with(jsm, "").await
}

/// A site whose files have other limits.
async fn hosted_with(jsm: JsmSettings, limits: &str) -> Site {
    hosted_at(site(), jsm, limits).await
}

async fn hosted_at(site: SiteBuilder, jsm: JsmSettings, limits: &str) -> Site {
    with_customers(site.in_front_of(jsm).with(&format!("{OPEN_IT}[hosted]\n{limits}"))).await
}

/// The body of a form, in the order in which it is filled in.
#[derive(Default)]
struct Body(Vec<u8>);

impl Body {
    fn with(ticket: &str) -> Self {
        Self::default().text("ticket", ticket)
    }

    fn text(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let part = format!(
            "name=\"attachment\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream"
        );
        self.part(&part, content.as_ref())
    }

    /// A file of a reply.
    fn attached(self, name: &str, content: &str) -> Self {
        self.part(&format!("name=\"files\"; filename=\"{name}\""), content.as_bytes())
    }

    fn part(mut self, head: &str, content: &[u8]) -> Self {
        let head = format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(content);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(b"--b--\r\n");
        self.0
    }
}

struct Sent {
    status: StatusCode,
    location: String,
    body: String,
}

impl Sent {
    /// The ticket of the form that came back.
    fn ticket(&self) -> String {
        ticket_of(&self.body)
    }
}

fn ticket_of(body: &str) -> String {
    let (_, after) = body.split_once("name=\"ticket\" value=\"").expect("a ticket");
    after.split('"').next().unwrap().replace("&#x2f;", "/")
}

async fn send(site: &Site, visitor: &mut Visitor, body: Body) -> Sent {
    send_to(site, visitor, FORM, body).await
}

async fn send_to(site: &Site, visitor: &mut Visitor, path: &str, body: Body) -> Sent {
    let form = |post: reqwest::RequestBuilder| {
        let post = post.header("content-type", MULTIPART).header("origin", &site.url);
        post.header("accept", "text/html").body(body.end())
    };
    let answer = visitor.request(Method::POST, &site.at(path), form).await;
    let location = answer.headers().get("location");
    let location = location.map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default();
    Sent { status: answer.status(), location, body: answer.text().await.unwrap() }
}

async fn form(site: &Site, visitor: &mut Visitor) -> Page {
    let form = visitor.open(&site.at(FORM)).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    form
}

async fn ticket(site: &Site, visitor: &mut Visitor) -> String {
    let form = form(site, visitor).await;
    fields(&form, FORM).into_iter().find(|(name, _)| name == "ticket").expect("a ticket").1
}

fn seen(site: &Site, part: &str) -> Vec<SeenRequest> {
    let seen = site.jsm.seen().into_iter();
    seen.filter(|it| it.method == Method::POST && it.path().ends_with(part)).collect()
}

fn uploads(site: &Site) -> Vec<SeenRequest> {
    seen(site, "/attachTemporaryFile")
}

/// The calls that raised, or should have raised, a request.
fn raised(site: &Site) -> Vec<SeenRequest> {
    seen(site, "/rest/servicedeskapi/request")
}

fn names(site: &Site, key: &str) -> Vec<String> {
    site.jsm.files(key).into_iter().map(|(name, _)| name).collect()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn files_chosen_with_the_form_come_with_the_request(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let mut ann = site.logged_in("ann").await;
    let page = form(&site, &mut ann).await.body;
    for shown in [
        "enctype=\"multipart/form-data\"",
        "name=\"attachment\" aria-describedby=\"attachment-hint\" type=\"file\" multiple>",
        "Up to 100 MB each, and up to 20 files",
        "Upload now",
    ] {
        assert!(page.contains(shown), "without {shown}: {page}");
    }
    let body = Body::with(&ticket_of(&page))
        .text("summary", "My screen")
        .text("description", "")
        .file("what I see.png", PNG)
        .file("Büro.txt", "red goes to red")
        .text("act", "send");
    let sent = send(&site, &mut ann, body).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let call = raised(&site).remove(0).sent().unwrap();
    assert_eq!(call["requestFieldValues"]["attachment"].as_array().unwrap().len(), 2, "{call}");
    let files = site.jsm.files("IT-1");
    assert_eq!(files[0], ("what I see.png".to_owned(), PNG.into()));
    assert_eq!(files[1], ("Büro.txt".to_owned(), "red goes to red".into()));

    let request = ann.open(&sent.location).await.body.replace("&#x2f;", "/");
    assert!(request.contains("what I see.png") && request.contains("Büro.txt"), "{request}");
    let (_, address) = request.split_once("/p/it/IT-1/files/").expect("the address of a file");
    let address = format!("/p/it/IT-1/files/{}", address.split('"').next().unwrap());
    assert_eq!(ann.open(&site.at(&address)).await.status, StatusCode::OK);
    let mut bob = site.logged_in("bob").await;
    assert_eq!(bob.open(&site.at(&address)).await.status, StatusCode::NOT_FOUND);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn uploaded_files_stay_through_mistakes_until_they_are_removed(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let mut ann = site.logged_in("ann").await;
    let body = Body::with(&ticket(&site, &mut ann).await)
        .text("summary", "")
        .text("description", "It is <dark>")
        .file("one.txt", "1")
        .file("two.txt", "22")
        .text("act", "upload");
    let uploaded = send(&site, &mut ann, body).await;
    assert_eq!(uploaded.status, StatusCode::OK, "{}", uploaded.body);
    for shown in ["Your files are uploaded", "one.txt", "two.txt", "It is &lt;dark&gt;"] {
        assert!(uploaded.body.contains(shown), "without {shown}: {}", uploaded.body);
    }
    let body = Body::with(&uploaded.ticket()).text("summary", " ").file("three.txt", "333");
    let wrong = send(&site, &mut ann, body.text("act", "send")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["Enter an answer for “Summary”", "one.txt", "two.txt", "three.txt"] {
        assert!(wrong.body.contains(shown), "without {shown}: {}", wrong.body);
    }
    let removed = send(&site, &mut ann, Body::with(&wrong.ticket()).text("remove", "2")).await;
    assert_eq!(removed.status, StatusCode::OK);
    assert!(removed.body.contains("one.txt") && !removed.body.contains("two.txt"));
    assert_eq!(raised(&site).len(), 0);
    let body = Body::with(&removed.ticket()).text("summary", "My screen").text("act", "send");
    assert_eq!(send(&site, &mut ann, body).await.status, StatusCode::SEE_OTHER);
    assert_eq!(names(&site, "IT-1"), ["one.txt", "three.txt"]);
}

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

/// Nothing of a file reaches JSM unless the form is the customer's own, and one's own files only.
#[rstest]
#[case::no_ticket(Body::default(), StatusCode::FORBIDDEN)]
#[case::made_up(Body::with("made up"), StatusCode::FORBIDDEN)]
#[case::ticket_after_the_file(Body::default().file("a.txt", "x").text("ticket", "T"), StatusCode::FORBIDDEN)]
#[case::other_input(
    Body::with("T").part("name=\"customfield_1\"; filename=\"a.txt\"", b"x"),
    StatusCode::BAD_REQUEST
)]
#[tokio::test(flavor = "multi_thread")]
async fn p3_a_file_of_a_foreign_form_does_not_reach_jsm(
    #[case] body: Body,
    #[case] status: StatusCode,
) {
    let site = hosted(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann).await;
    let body =
        String::from_utf8(body.0).unwrap().replace("\r\nT\r\n", &format!("\r\n{ticket}\r\n"));
    let body = Body(body.into_bytes()).file("b.txt", "x").text("summary", "My screen");
    assert_eq!(send(&site, &mut ann, body).await.status, status);
    assert_eq!(uploads(&site).len(), 0);
    assert_eq!(raised(&site).len(), 0);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p3_nobody_gets_at_the_files_of_somebody_elses_form(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let body = Body::with(&ticket(&site, &mut ann).await).file("anns.txt", "x");
    let of_ann = send(&site, &mut ann, body.text("act", "upload")).await.ticket();
    assert!(!of_ann.contains("temp"), "the id is legible: {of_ann}");
    let stolen = Body::with(&of_ann).text("summary", "Bob's").text("act", "send");
    let answer = send(&site, &mut bob, stolen).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.body.contains("anns.txt"), "{}", answer.body);
    let own = Body::with(&ticket(&site, &mut bob).await).text("summary", "Bob's");
    let guessed = send(&site, &mut bob, own.text("attachment", "temp20001")).await;
    assert_eq!(guessed.status, StatusCode::BAD_REQUEST);
    assert_eq!(raised(&site).len(), 0);
}

/// JSM keeps files for a while only, on Data Center as long as its own session lasts.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_jsm_forgot_is_asked_for_again(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let mut ann = site.logged_in("ann").await;
    let body = Body::with(&ticket(&site, &mut ann).await).file("one.txt", "1");
    let uploaded = send(&site, &mut ann, body.text("act", "upload")).await;
    site.jsm.forget_temporary_files();
    let body = Body::with(&uploaded.ticket()).text("summary", "My screen").text("act", "send");
    let asked = send(&site, &mut ann, body).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", asked.body);
    let words = "“one.txt” was uploaded too long ago. Choose it again";
    assert!(asked.body.contains(words), "{}", asked.body);
    assert!(!asked.body.contains("name=\"remove\""), "{}", asked.body);
    let body = Body::with(&asked.ticket()).text("summary", "My screen").file("one.txt", "1");
    let sent = send(&site, &mut ann, body.text("act", "send")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(names(&site, "IT-1"), ["one.txt"]);
}

#[rstest]
#[case::its_own_limit(Canned::json(400, "{}"), "The help desk does not take “one.txt”")]
#[case::too_large_for_a_front(Canned::html(413, ""), "The help desk does not take “one.txt”")]
#[case::outage(Canned::html(502, ""), "“one.txt” was not uploaded. Choose it again")]
#[case::too_many_calls(Canned::rate_limited("x", "60"), "“one.txt” was not uploaded")]
#[case::no_answer(Canned::lost(), "“one.txt” was not uploaded. Choose it again")]
#[tokio::test(flavor = "multi_thread")]
async fn what_jsm_does_not_take_is_told_at_the_field(#[case] answer: Canned, #[case] words: &str) {
    let site = hosted(JsmSettings::cloud()).await;
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket(&site, &mut ann).await;
    site.jsm.answer_next(1, &answer.for_calls(Method::POST, "/attachTemporaryFile"));
    let body = Body::with(&ticket).text("summary", "My screen").file("one.txt", "1");
    let sent = send(&site, &mut ann, body.file("two.txt", "2").text("act", "send")).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", sent.body);
    assert!(sent.body.contains(words), "{}", sent.body);
    assert!(sent.body.contains("two.txt"), "{}", sent.body);
    assert_eq!(raised(&site).len(), 0);
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

/// JSM points to where a file is on Cloud; the gate follows to Atlassian's hosts alone.
#[rstest]
#[case::metadata("http://169.254.169.254")]
#[case::elsewhere("https://media.example.org")]
#[tokio::test(flavor = "multi_thread")]
async fn p22_a_file_that_is_said_to_be_elsewhere_is_not_fetched(#[case] elsewhere: &str) {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let id = site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let mut ann = site.logged_in("ann").await;
    let address = site.at(&format!("/p/it/{key}/files/{id}"));
    assert_eq!(ann.open(&address).await.status, StatusCode::OK);
    site.jsm.redirect_media_to(elsewhere);
    let refused = ann.open(&address).await;
    assert_eq!(refused.status, StatusCode::BAD_GATEWAY, "{}", refused.body);
    assert!(!refused.body.contains(elsewhere), "{}", refused.body);
}

/// What may be a picture is shown small, and only what is one by its content is sent as one.
#[tokio::test(flavor = "multi_thread")]
async fn p9_pictures_of_a_comment_are_shown_small() {
    let site = hosted(JsmSettings::cloud()).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let picture = site.jsm.answer_with_file(&key, "cable.png", PNG);
    let false_one = site.jsm.answer_with_file(&key, "false.png", "<script>x()</script>");
    let text = site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let mut ann = site.logged_in("ann").await;
    let page = ann.open(&site.at(&format!("/p/it/{key}"))).await.body.replace("&#x2f;", "/");
    let small = |id: u64| format!("/p/it/{key}/files/{id}/thumbnail");
    assert!(page.contains(&format!("<img src=\"{}\"", small(picture))), "{page}");
    assert!(!page.contains(&small(text)), "{page}");
    for (id, kind) in [(picture, "image/png"), (false_one, "application/octet-stream")] {
        let answer = ann.request(Method::GET, &site.at(&small(id)), |get| get).await;
        assert_eq!(answer.headers()["content-type"], kind);
    }
}

#[rstest]
#[case::with_words("See **the** picture")]
#[case::without_words("")]
#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_reply_come_in_one_comment_of_its_author(
    #[case] words: &str,
    #[values(JsmSettings::cloud(), JsmSettings::data_center())] jsm: JsmSettings,
) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket_at(&open(&site, &mut ann, &key).await, "/comment");
    let path = format!("/p/it/{key}/comment");
    let body = Body::with(&ticket).text("body", words);
    let body = body.attached("one.txt", "1").attached("two.txt", "22").text("act", "send");
    let sent = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(sent.location, site.at(&format!("/p/it/{key}?said=replied")));
    let comments = site.jsm.request(&key).unwrap().comments;
    assert_eq!((comments.len(), comments[0].public, comments[0].attachments.len()), (1, true, 2));
    assert!(comments[0].body.contains("Ann Example wrote:"), "{}", comments[0].body);
    assert_eq!(comments[0].body.contains("picture"), !words.is_empty());

    let page = open(&site, &mut ann, &key).await.body;
    let article = page.split("<article").nth(1).expect("a comment");
    for shown in ["Ann Example</h3>", "one.txt", "two.txt"] {
        assert!(article.contains(shown), "without {shown}: {article}");
    }
    assert!(!article.contains("wrote:"), "{article}");
    let file = format!("/p/it/{key}/files/{}", comments[0].attachments[1]);
    assert_eq!(ann.open(&site.at(&file)).await.body, "22");
    assert_eq!(audited(&site, "attached").await.len(), 1);
    assert_eq!(audited(&site, "commented").await.len(), usize::from(!words.is_empty()));
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_reply_stay_until_they_are_removed_or_forgotten(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket_at(&open(&site, &mut ann, &key).await, "/comment");
    let path = format!("/p/it/{key}/comment");
    let body = Body::with(&ticket).text("body", "It is <dark>").attached("one.txt", "1");
    let body = body.attached("two.txt", "2").attached("none.txt", "").text("act", "upload");
    let kept = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", kept.body);
    for shown in ["“none.txt” is empty", "one.txt", "two.txt", "It is &lt;dark&gt;"] {
        assert!(kept.body.contains(shown), "without {shown}: {}", kept.body);
    }
    let body = Body::with(&ticket_of_reply(&kept.body)).text("remove", "1");
    let removed = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(removed.status, StatusCode::OK, "{}", removed.body);
    assert!(!removed.body.contains("one.txt") && removed.body.contains("two.txt"));

    site.jsm.forget_temporary_files();
    let body = Body::with(&ticket_of_reply(&removed.body)).text("body", "Dark").text("act", "send");
    let asked = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", asked.body);
    assert!(asked.body.contains("“two.txt” was uploaded too long ago"), "{}", asked.body);
    let body = Body::with(&ticket_of_reply(&asked.body)).text("body", "Dark");
    let sent = send_to(&site, &mut ann, &path, body.attached("two.txt", "2")).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    assert_eq!(names(&site, &key), ["two.txt"]);
}

/// JSM makes the comment of a reply with files itself, and says nowhere of which form it came: it is found by its
/// files, and signed then.
#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn p23_a_reply_with_files_is_found_again_after_a_lost_answer(#[case] jsm: JsmSettings) {
    let site = hosted(jsm).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let ticket = ticket_at(&open(&site, &mut ann, &key).await, "/comment");
    let path = format!("/p/it/{key}/comment");
    let filled = |ticket: &str| Body::with(ticket).text("body", "See the picture");
    site.jsm.answer_next(1, &Canned::lost().for_calls(Method::POST, &format!("{key}/attachment")));
    // The first look finds out nothing.
    let list = format!("issue/{key}/comment");
    site.jsm.answer_next(1, &Canned::html(502, "").for_calls(Method::GET, &list));
    let body = filled(&ticket).attached("one.txt", "1").attached("two.txt", "22");
    let unknown = send_to(&site, &mut ann, &path, body.text("act", "send")).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unknown.body);
    assert!(unknown.body.contains("whether your reply arrived"), "{}", unknown.body);

    site.let_pass(Duration::from_secs(20));
    let body = filled(&ticket_of_reply(&unknown.body)).text("act", "send");
    let found = send_to(&site, &mut ann, &path, body).await;
    assert_eq!(found.location, site.at(&format!("/p/it/{key}?said=replied")), "{}", found.body);
    assert_eq!(site.jsm.request(&key).unwrap().comments.len(), 1);
    let page = open(&site, &mut ann, &key).await.body;
    let article = page.split("<article").nth(1).expect("a comment");
    for shown in ["Ann Example</h3>", "one.txt", "two.txt", "See the picture"] {
        assert!(article.contains(shown), "without {shown}: {article}");
    }
    assert!(!article.contains("wrote:"), "{article}");
    for event in ["attached", "commented"] {
        assert_eq!(audited(&site, event).await.len(), 1, "{event}");
    }
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

/// The first form of the page is the way to log out.
fn ticket_of_reply(body: &str) -> String {
    let (_, reply) = body.split_once("id=\"reply\"").expect("a reply");
    ticket_of(reply)
}

/// Whoever may not reply cannot send JSM files either.
#[tokio::test(flavor = "multi_thread")]
async fn p3_no_file_gets_into_a_request_of_somebody_else() {
    let site = hosted(JsmSettings::cloud()).await;
    let own = site.jsm.add_request("IT", BOB, "Bob's own trouble");
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut bob = site.logged_in("bob").await;
    let ticket = ticket_at(&open(&site, &mut bob, &own).await, "/comment");
    let body = || Body::with(&ticket).text("body", "x").attached("bobs.txt", "x");
    let foreign = send_to(&site, &mut bob, &format!("/p/it/{key}/comment"), body()).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let late = Body::default().attached("bobs.txt", "x").text("ticket", &ticket);
    let late = send_to(&site, &mut bob, &format!("/p/it/{own}/comment"), late).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert_eq!(uploads(&site).len(), 0);
    let body = body().text("public", "false");
    let more = send_to(&site, &mut bob, &format!("/p/it/{own}/comment"), body).await;
    assert_eq!(more.status, StatusCode::BAD_REQUEST);
    assert_eq!(names(&site, &own).len() + names(&site, &key).len(), 0);
}
