//! A file of JSM's, passed on as it arrives. It must not know whose file it is or who may have it.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use http::{HeaderValue, StatusCode, header};
use reqwest::{RequestBuilder, Response};
use url::Url;

use super::Error;
use super::answer::Answer;
use super::call::Call;
use super::client::Client;
use super::transport::unreachable;
use crate::config::Deployment;
use crate::domain::is_loopback;

/// Where Cloud keeps files. It redirects to an address there that is good for a while and needs no
/// token.
const MEDIA_HOSTS: &str = ".media.atlassian.com";

/// A part of a file: `bytes=0-499`, `bytes=500-` or `bytes=-500` (RFC 9110 section 14.1.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ByteRange(HeaderValue);

impl ByteRange {
    /// Reads the header `Range`. Anything but one range of bytes is left out of account, as RFC 9110
    /// section 14.2 allows: the answer is the whole file.
    #[must_use]
    pub fn parse(value: &HeaderValue) -> Option<Self> {
        let (first, last) = value.to_str().ok()?.strip_prefix("bytes=")?.split_once('-')?;
        let number = |text: &str| text.len() <= 19 && text.bytes().all(|b| b.is_ascii_digit());
        let valid = number(first) && number(last) && !(first.is_empty() && last.is_empty());
        valid.then(|| Self(value.clone()))
    }
}

/// A file that begins to arrive.
pub struct Download {
    /// 200, 206 with a part of it, or 416 for a part that it does not have.
    pub status: StatusCode,
    /// How many bytes come.
    pub length: Option<u64>,
    /// Which part they are (`Content-Range`).
    pub range: Option<HeaderValue>,
    /// The bytes. An error ends them, and what came before is not the whole.
    pub body: BoxStream<'static, Result<Bytes, Error>>,
}

impl Client {
    /// Opens a file at a path below JSM's base address.
    ///
    /// One redirect is followed, where the deployment makes one, and only to where its files are
    /// kept; the token does not go along.
    pub(in crate::jsm) async fn open_file(
        &self,
        path: &str,
        range: Option<&ByteRange>,
    ) -> Result<Download, Error> {
        let call = Call::read(path);
        let address = format!("{}{path}", self.base());
        let request = self.authorize(self.transport().request_file(&address)).await?;
        let response = self.open(call, with_range(request, range)).await?;
        if !response.status().is_redirection() {
            return download(call, response);
        }
        let location = self.media_address(&response).await?;
        let Some(location) = location else { return Err(refused(call, response)) };
        let request = self.transport().request_file(location.as_str());
        let response = self.open(call, with_range(request, range)).await?;
        download(call, response)
    }

    async fn open(&self, call: Call<'_>, request: RequestBuilder) -> Result<Response, Error> {
        let _place = self.transport().place(call).await?;
        request.send().await.map_err(|error| unreachable(call, error))
    }

    async fn media_address(&self, response: &Response) -> Result<Option<Url>, Error> {
        let deployment = self.deployment().await?;
        let location = response.headers().get(header::LOCATION);
        let location = location.and_then(|location| location.to_str().ok());
        let site = Url::parse(self.site()).ok();
        let is_media = |to: &Url, site: &Url| deployment == Deployment::Cloud && is_media(to, site);
        Ok(site.zip(location).and_then(|(site, location)| {
            site.join(location).ok().filter(|location| is_media(location, &site))
        }))
    }
}

fn with_range(request: RequestBuilder, range: Option<&ByteRange>) -> RequestBuilder {
    let request = request.header(header::ACCEPT, "*/*");
    match range {
        Some(ByteRange(range)) => request.header(header::RANGE, range),
        None => request,
    }
}

/// Whether a file may be fetched there. Anything else could be made to ask the gate's own network
/// (docs/security.md D17; portal case P22).
fn is_media(location: &Url, site: &Url) -> bool {
    if !location.username().is_empty() || location.password().is_some() {
        return false;
    }
    // A JSM on this machine, as in the demo, has its files on this machine.
    if site.scheme() == "http" && is_loopback(site) {
        return location.scheme() == "http" && is_loopback(location);
    }
    let host = location.host_str().unwrap_or_default();
    location.scheme() == "https" && location.port().is_none() && host.ends_with(MEDIA_HOSTS)
}

fn download(call: Call<'_>, response: Response) -> Result<Download, Error> {
    let status = response.status();
    let is_file = matches!(
        status,
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE
    );
    if !is_file {
        return Err(refused(call, response));
    }
    let range = response.headers().get(header::CONTENT_RANGE).cloned();
    let length = response.content_length();
    let name = call.path().to_owned();
    let body = response.bytes_stream();
    let body = body.map(move |part| part.map_err(|error| unreachable(Call::read(&name), error)));
    Ok(Download { status, length, range, body: body.boxed() })
}

/// What an answer without a file stands for. Its body is of no use.
fn refused(call: Call<'_>, mut response: Response) -> Error {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let answer = Answer { status, headers, body: Vec::new() };
    match answer.into_success(call) {
        Err(error) => error,
        Ok(_) => Error::NotUnderstood {
            call: call.to_string(),
            problem: format!("status {status} where a file was asked for"),
        },
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// Portal case P22: only Atlassian's media hosts, over https, without credentials.
    #[rstest]
    #[case::media("https://api.media.atlassian.com/file/1/binary?token=x", true)]
    #[case::plain("http://api.media.atlassian.com/file/1", false)]
    #[case::metadata("http://169.254.169.254/latest/meta-data", false)]
    #[case::loopback("https://127.0.0.1/x", false)]
    #[case::port("https://api.media.atlassian.com:8443/file/1", false)]
    #[case::suffix("https://api.media.atlassian.com.evil.example/file/1", false)]
    #[case::lookalike("https://evilmedia.atlassian.com/file/1", false)]
    #[case::credentials("https://api.media.atlassian.com@evil.example/", false)]
    #[case::own_login("https://acme.atlassian.net/login.jsp", false)]
    #[case::file("file:///etc/passwd", false)]
    fn p22_a_redirect_leads_to_atlassians_media_hosts(#[case] to: &str, #[case] allowed: bool) {
        let site = Url::parse("https://acme.atlassian.net").unwrap();
        assert_eq!(is_media(&Url::parse(to).unwrap(), &site), allowed);
    }

    #[rstest]
    #[case("http://127.0.0.1:8081/media/1", true)]
    #[case("http://localhost:8081/media/1", true)]
    #[case("http://169.254.169.254/latest", false)]
    #[case("https://api.media.atlassian.com/file/1", false)]
    fn p22_a_jsm_on_this_machine_has_its_files_on_this_machine(
        #[case] to: &str,
        #[case] allowed: bool,
    ) {
        let site = Url::parse("http://127.0.0.1:8080/jira").unwrap();
        assert_eq!(is_media(&Url::parse(to).unwrap(), &site), allowed);
    }

    #[rstest]
    #[case("bytes=0-499", true)]
    #[case("bytes=500-", true)]
    #[case("bytes=-500", true)]
    #[case("bytes=-", false)]
    #[case("bytes=0-1,5-9", false)]
    #[case("lines=0-1", false)]
    #[case("bytes=0-99999999999999999999", false)]
    fn one_range_of_bytes_is_passed_on(#[case] value: &'static str, #[case] passed: bool) {
        assert_eq!(ByteRange::parse(&HeaderValue::from_static(value)).is_some(), passed);
    }
}
