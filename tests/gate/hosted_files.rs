//! Files that come with a request at a portal that the gate serves itself: they are passed on to JSM while
//! they arrive, kept with the form, and listed with it.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::{Canned, JsmSettings, SeenRequest};

use crate::hosted_acts;
use crate::hosted_site::{ANN, OPEN_IT, with_customers};
use crate::site::{Site, SiteBuilder, site};
use crate::visitor::{Page, Visitor};

pub(crate) const FORM: &str = "/p/it/create/66";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=b";

pub(crate) async fn hosted(jsm: JsmSettings) -> Site {
    hosted_with(jsm, "").await
}

/// A site whose files have other limits.
pub(crate) async fn hosted_with(jsm: JsmSettings, limits: &str) -> Site {
    hosted_at(site(), jsm, limits).await
}

pub(crate) async fn hosted_at(site: SiteBuilder, jsm: JsmSettings, limits: &str) -> Site {
    with_customers(site.in_front_of(jsm).with(&format!("{OPEN_IT}[hosted]\n{limits}"))).await
}

/// The body of a form, in the order in which it is filled in.
#[derive(Default)]
pub(crate) struct Body(pub(crate) Vec<u8>);

impl Body {
    pub(crate) fn with(ticket: &str) -> Self {
        Self::default().text("ticket", ticket)
    }

    pub(crate) fn text(self, name: &str, value: &str) -> Self {
        self.part(&format!("name=\"{name}\""), value.as_bytes())
    }

    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let part = format!(
            "name=\"attachment\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream"
        );
        self.part(&part, content.as_ref())
    }

    /// A file of a reply.
    pub(crate) fn attached(self, name: &str, content: &str) -> Self {
        self.part(&format!("name=\"files\"; filename=\"{name}\""), content.as_bytes())
    }

    pub(crate) fn part(mut self, head: &str, content: &[u8]) -> Self {
        let head = format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        self.0.extend_from_slice(head.as_bytes());
        self.0.extend_from_slice(content);
        self.0.extend_from_slice(b"\r\n");
        self
    }

    pub(crate) fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(b"--b--\r\n");
        self.0
    }
}

pub(crate) struct Sent {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) body: String,
}

impl Sent {
    /// The ticket of the form that came back.
    pub(crate) fn ticket(&self) -> String {
        ticket_of(&self.body)
    }
}

pub(crate) fn ticket_of(body: &str) -> String {
    let (_, after) = body.split_once("name=\"ticket\" value=\"").expect("a ticket");
    after.split('"').next().unwrap().replace("&#x2f;", "/")
}

pub(crate) async fn send(site: &Site, visitor: &mut Visitor, body: Body) -> Sent {
    send_to(site, visitor, FORM, body).await
}

pub(crate) async fn send_to(site: &Site, visitor: &mut Visitor, path: &str, body: Body) -> Sent {
    let form = |post: reqwest::RequestBuilder| {
        let post = post.header("content-type", MULTIPART).header("origin", &site.url);
        post.header("accept", "text/html").body(body.end())
    };
    let answer = visitor.request(Method::POST, &site.at(path), form).await;
    let location = answer.headers().get("location");
    let location = location.map(|it| it.to_str().unwrap().to_owned()).unwrap_or_default();
    Sent { status: answer.status(), location, body: answer.text().await.unwrap() }
}

pub(crate) async fn form(site: &Site, visitor: &mut Visitor) -> Page {
    let form = visitor.open(&site.at(FORM)).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    form
}

pub(crate) async fn ticket(site: &Site, visitor: &mut Visitor) -> String {
    let form = form(site, visitor).await;
    hosted_acts::ticket(&form, FORM)
}

fn seen(site: &Site, part: &str) -> Vec<SeenRequest> {
    let seen = site.jsm.seen().into_iter();
    seen.filter(|it| it.method == Method::POST && it.path().ends_with(part)).collect()
}

pub(crate) fn uploads(site: &Site) -> Vec<SeenRequest> {
    seen(site, "/attachTemporaryFile")
}

/// The calls that raised, or should have raised, a request.
pub(crate) fn raised(site: &Site) -> Vec<SeenRequest> {
    seen(site, "/rest/servicedeskapi/request")
}

pub(crate) fn names(site: &Site, key: &str) -> Vec<String> {
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
