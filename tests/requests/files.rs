//! Files of JSM's, which Cloud keeps elsewhere.

use futures_util::StreamExt as _;
use http::HeaderValue;
use jsm_gate::jsm::requests::{Attachment, FileKind};
use jsm_gate::jsm::{ByteRange, Download, Error};

use super::*;

const CONTENT: &str = "/rest/api/3/attachment/content/10000";

async fn file(site: &Site, requests: &Requests) -> Attachment {
    answer_for_it_12(site);
    let request = requests.request(&key("IT-12"), &german()).await.unwrap().unwrap();
    let conversation = requests.conversation(&request).await.unwrap();
    conversation.files[0].clone()
}

async fn bytes(download: Download) -> Vec<u8> {
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
