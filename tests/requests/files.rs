//! Files of JSM's, which Cloud keeps elsewhere.

use bytes::Bytes;
use futures_util::StreamExt as _;
use http::HeaderValue;
use jsm_gate::jsm::requests::{Attachment, FileKind};
use jsm_gate::jsm::{ByteRange, Change, Download, Error, Upload};

use super::*;

const CONTENT: &str = "/rest/api/3/attachment/content/10000";

async fn file(site: &Site, requests: &Requests) -> Attachment {
    answer_for_it_12(site);
    let request = requests.request(&key("IT-12"), &german()).await.unwrap().unwrap();
    let conversation = requests.conversation(&request).await.unwrap();
    conversation.files[0].clone()
}

pub(crate) async fn bytes(download: Download) -> Vec<u8> {
    let parts: Vec<_> = download.body.collect().await;
    parts.into_iter().flat_map(|part| part.unwrap().to_vec()).collect()
}

fn redirect(to: &str) -> Canned {
    Canned::text(303, "").header("location", to)
}

#[tokio::test]
async fn p22_a_file_is_fetched_from_where_jsm_keeps_it_without_the_token() {
    let (site, media) = (Site::start(cloud()).await, Site::start(cloud()).await);
    let requests = requests(&site);
    let file = file(&site, &requests).await;
    site.jsm.answer_next(
        1,
        &redirect(&format!("{}/media/1?token=x", media.jsm.origin())).for_paths(CONTENT),
    );
    media.jsm.answer_next(1, &Canned::text(200, "bytes").for_paths("/media/1"));
    let range = ByteRange::parse(&HeaderValue::from_static("bytes=0-9"));
    let download = requests.open(&file, FileKind::Content, range.as_ref()).await.unwrap();
    assert_eq!(download.length, Some(5));
    assert_eq!(bytes(download).await, b"bytes");

    let asked = media.jsm.seen();
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].headers.contains_key("authorization"), "{:?}", asked[0].headers);
    assert_eq!(asked[0].headers["range"], "bytes=0-9");
    let at_jsm = site.jsm.seen();
    let at_jsm = at_jsm.iter().find(|it| it.target == CONTENT).unwrap();
    assert!(at_jsm.headers.contains_key("authorization"));
}

#[tokio::test]
async fn p22_a_second_redirect_is_not_followed() {
    let (site, media) = (Site::start(cloud()).await, Site::start(cloud()).await);
    let requests = requests(&site);
    let file = file(&site, &requests).await;
    let there = format!("{}/media/1", media.jsm.origin());
    site.jsm.answer_next(1, &redirect(&there).for_paths(CONTENT));
    media.jsm.answer_next(1, &redirect(&there).for_paths("/media/1"));
    let opened = requests.open(&file, FileKind::Content, None).await;
    assert!(matches!(opened, Err(Error::Redirected { .. })));
    assert_eq!(media.jsm.seen().len(), 1);
}

#[rstest::rstest]
#[case::metadata("http://169.254.169.254/latest/meta-data")]
#[case::another_scheme("ftp://127.0.0.1/x")]
#[tokio::test]
async fn p22_a_redirect_to_anywhere_else_is_refused(#[case] to: &str) {
    let site = Site::start(cloud()).await;
    let requests = requests(&site);
    let file = file(&site, &requests).await;
    site.jsm.answer_next(1, &redirect(to).for_paths(CONTENT));
    let opened = requests.open(&file, FileKind::Content, None).await;
    assert!(matches!(opened, Err(Error::Redirected { .. })));
}

#[tokio::test]
async fn a_file_that_is_gone_is_not_there() {
    let site = Site::start(cloud()).await;
    let requests = requests(&site);
    let file = file(&site, &requests).await;
    site.jsm.answer_next(1, &Canned::json(404, "{}").for_paths(CONTENT));
    let Err(error) = requests.open(&file, FileKind::Content, None).await else { panic!("opened") };
    assert_eq!(error.status(), Some(http::StatusCode::NOT_FOUND));
}

fn upload(parts: Vec<Result<Bytes, Box<dyn std::error::Error + Send + Sync>>>) -> Upload {
    Upload {
        name: "a\r\nX-Evil: 1\".png".to_owned(),
        claimed_type: Some("image/png".to_owned()),
        length: None,
        body: futures_util::stream::iter(parts).boxed(),
    }
}

#[tokio::test]
async fn a_file_is_sent_once_and_taken_in_the_session_that_jsm_began() {
    let desks = [Desk::new(2, "IT", "IT Help")];
    let site = Site::start(JsmSettings::data_center().with_desks(desks)).await;
    let kept = r#"{"temporaryAttachments":[{"temporaryAttachmentId":"temp1","fileName":"a.png"}]}"#;
    let path = "/rest/servicedeskapi/servicedesk/12/attachTemporaryFile";
    let kept = Canned::json(201, kept).header("set-cookie", "JSESSIONID=0A1B.n1; Path=/");
    site.jsm.answer_next(1, &kept.for_paths(path));
    let portals = site.fresh_directory(support::no_rules()).await.portals();
    let file = upload(vec![Ok(Bytes::from_static(b"12345")), Ok(Bytes::from_static(b"67890"))]);
    let requests = requests(&site);
    let kept = requests.keep(&portals.all()[0], file, None).await.unwrap();
    let session = kept.session.unwrap();
    assert_eq!((kept.id.as_str(), session.expose()), ("temp1", "0A1B.n1"));
    let taking = requests.client().in_session(session);
    let attachment = "/rest/servicedeskapi/request/IT-12/attachment";
    let taken: Result<Value, _> = taking.change(Change::Post, attachment, &json!({})).await;
    drop(taken);

    let seen = site.jsm.seen();
    let sent: Vec<_> = seen.iter().filter(|it| it.target == path).collect();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].headers["x-atlassian-token"], "no-check");
    assert!(sent[0].headers["content-type"].to_str().unwrap().starts_with("multipart/form-data"));
    let taken = seen.iter().find(|it| it.target == attachment).unwrap();
    assert_eq!(taken.headers["cookie"], "JSESSIONID=0A1B.n1");
}

#[tokio::test]
async fn a_file_that_breaks_off_is_not_kept() {
    let site = Site::start(cloud()).await;
    let portals = site.fresh_directory(support::no_rules()).await.portals();
    let file = upload(vec![Ok(Bytes::from_static(b"12345")), Err("gone".into())]);
    let error = requests(&site).keep(&portals.all()[0], file, None).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
}
