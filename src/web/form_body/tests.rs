use futures_util::stream;
use rstest::rstest;

use super::*;

const LIMIT: usize = 64 * 1024;

fn form(content_type: &str, parts: Vec<Result<Bytes, BrokenBody>>) -> FormBody {
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, content_type.parse().unwrap())]);
    let source = Source::of(&headers, Body::from_stream(stream::iter(parts)));
    let policy = PagePolicy::STRICT.with_body_limit(LIMIT).with_files(16 * 1024 * 1024);
    FormBody { source, policy, entries: 0, text_bytes: 0 }
}

fn multipart(body: &str, piece: usize) -> FormBody {
    let pieces = body.as_bytes().chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece)));
    form("multipart/form-data; boundary=b", pieces.collect())
}

/// All entries; of a file its name and its content.
async fn entries(mut form: FormBody) -> Result<Vec<(String, String)>, FormError> {
    let mut all = Vec::new();
    while let Some(entry) = form.next().await? {
        all.push(match entry {
            Entry::Text { name, value } => (name, value),
            Entry::File(mut file) => {
                let mut content = Vec::new();
                while let Some(chunk) = file.chunk().await? {
                    content.extend_from_slice(&chunk);
                }
                (format!("{} {}", file.input, file.name), String::from_utf8(content).unwrap())
            }
        });
    }
    Ok(all)
}

fn text(name: &str, value: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
}

fn file(name: &str, content: &str) -> String {
    format!(
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\
         Content-Type: text/plain\r\n\r\n{content}\r\n"
    )
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// However the body is cut up on its way.
#[rstest]
#[tokio::test]
async fn texts_and_files_come_in_their_order(#[values(1, 7, 10_000)] piece: usize) {
    let (first, last) = (text("a", "1\r\n--c"), text("act", "send"));
    let (one, nothing) = (file("offer 2%22.pdf", "\r\n--c is not the end"), file("", ""));
    let form = multipart(&format!("{first}{one}{nothing}{last}--b--\r\n"), piece);
    assert_eq!(
        entries(form).await.unwrap(),
        [
            pair("a", "1\r\n--c"),
            pair("f offer 2\".pdf", "\r\n--c is not the end"),
            pair("act", "send")
        ]
    );
}

#[tokio::test]
async fn a_file_that_nobody_reads_is_passed_over() {
    let body = format!("{}{}--b--\r\n", file("a", &"x".repeat(100_000)), text("act", "send"));
    let mut form = multipart(&body, 1000);
    assert!(matches!(form.next().await.unwrap(), Some(Entry::File(_))));
    assert!(matches!(form.next().await.unwrap(), Some(Entry::Text { .. })));
    assert!(form.next().await.unwrap().is_none());
}

#[tokio::test]
async fn a_form_without_files_may_come_in_the_other_encoding() {
    let kind = "application/x-www-form-urlencoded; charset=UTF-8";
    let body = Bytes::from_static(b"a=1+%C3%BC&a=2&b=");
    let read = entries(form(kind, vec![Ok(body)])).await.unwrap();
    assert_eq!(read, [pair("a", "1 ü"), pair("a", "2"), pair("b", "")]);
}

#[rstest]
#[case::no_end("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1")]
#[case::no_name("--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n")]
#[case::no_head("--b\r\n1\r\n--b--\r\n")]
#[case::other_boundary("--c\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--c--\r\n")]
#[case::empty("")]
#[tokio::test]
async fn a_malformed_form_is_refused(#[case] body: &str) {
    assert_eq!(entries(multipart(body, 1000)).await, Err(FormError::Malformed));
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    for kind in ["application/json", "multipart/mixed; boundary=b", "multipart/form-data"] {
        let body = form(kind, vec![Ok(Bytes::from_static(b"{}"))]);
        assert_eq!(entries(body).await, Err(FormError::Malformed), "{kind}");
    }
    let not_utf8 = form(
        "multipart/form-data; boundary=b",
        vec![Ok(Bytes::from_static(
            b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\xff\r\n--b--\r\n",
        ))],
    );
    assert_eq!(entries(not_utf8).await, Err(FormError::Malformed));
}

/// Nobody keeps more of a form than its route allows for texts, however it is made.
#[rstest]
#[case::long_text(text("a", &"x".repeat(LIMIT + 1)), FormError::TooMuchText { limit: LIMIT })]
#[case::many_texts(text("a", &"x".repeat(1000)).repeat(100), FormError::TooMuchText { limit: LIMIT })]
#[case::many_entries(text("a", "").repeat(MOST_ENTRIES + 1), FormError::TooManyEntries)]
#[case::endless_head(format!("--b\r\nX: {}", "x".repeat(1_000_000)), FormError::Malformed)]
#[case::no_beginning("x".repeat(1_000_000), FormError::Malformed)]
#[tokio::test]
async fn p25_no_more_of_a_form_is_kept_than_its_route_allows(
    #[case] body: String,
    #[case] error: FormError,
) {
    assert_eq!(entries(multipart(&body, 4096)).await, Err(error));
}

/// Without an end, a head is given up after a few parts of the body, and not at the end of it.
#[tokio::test]
async fn p25_an_endless_head_is_not_collected() {
    let read = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&read);
    let endless = stream::repeat_with(move || {
        count.fetch_add(4096, Ordering::Relaxed);
        Ok::<_, BrokenBody>(Bytes::from_static(&[b'x'; 4096]))
    });
    let kind = "multipart/form-data; boundary=b".parse().unwrap();
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]);
    let source = Source::of(&headers, Body::from_stream(endless));
    let mut form = FormBody { source, policy: PagePolicy::STRICT, entries: 0, text_bytes: 0 };
    assert!(form.next().await.is_err());
    assert!(read.load(Ordering::Relaxed) <= 2 * LONGEST_HEAD);
}

/// What nobody asks for stays with whoever sends it.
#[tokio::test]
async fn no_more_of_a_file_is_taken_than_is_read() {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&taken);
    let begin = file("a", "");
    let begin = Bytes::from(begin.trim_end().to_owned() + "\r\n\r\n");
    let pieces = std::iter::once(begin).chain(std::iter::repeat(Bytes::from_static(&[b'x'; 4096])));
    let pieces = pieces.map(move |piece| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok::<_, BrokenBody>(piece)
    });
    let kind = "multipart/form-data; boundary=b".parse().unwrap();
    let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, kind)]);
    let source = Source::of(&headers, Body::from_stream(stream::iter(pieces)));
    let mut form = FormBody { source, policy: PagePolicy::STRICT, entries: 0, text_bytes: 0 };
    let Some(Entry::File(mut file)) = form.next().await.unwrap() else { panic!("no file") };
    for read in 1..10 {
        assert_eq!(file.chunk().await.unwrap().unwrap().len(), 4096);
        assert!(taken.load(Ordering::Relaxed) <= read + 2);
    }
}

#[rstest]
#[case::too_slow(BrokenBody::TooSlow, "request-too-slow")]
#[case::too_long(BrokenBody::TooLong, "body-too-large")]
#[case::broke_off(BrokenBody::BrokeOff, "bad-request")]
#[tokio::test]
async fn why_a_form_broke_off_is_told(#[case] broken: BrokenBody, #[case] code: &str) {
    let begin = Bytes::from_static(b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1");
    for kind in ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"] {
        let read = entries(form(kind, vec![Ok(begin.clone()), Err(broken)])).await;
        assert_eq!(read.unwrap_err().into_problem().code().as_str(), code, "{kind}");
    }
}
