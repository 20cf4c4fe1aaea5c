//! A file on its way to JSM, passed on as it arrives. It must not know whose file it is.

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use http::{HeaderMap, header};
use reqwest::Body;
use reqwest::multipart::{Form, Part};
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::Error;
use super::answer::Answer;
use super::call::Call;
use super::client::Client;
use super::jsm_session::JsmSession;
use super::turns::{Turn, Turns};

/// What Jira wants of a program that sends a form, instead of a token against forgery.
const NO_CHECK: (&str, &str) = ("x-atlassian-token", "no-check");

/// What a body that cannot be read any more says.
type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A file to be sent.
pub struct Upload {
    /// Its name.
    pub name: String,
    /// What whoever sends it says it is; left out when it is no media type.
    pub claimed_type: Option<String>,
    /// How many bytes it has, where that is known.
    pub length: Option<u64>,
    /// The bytes. After an error JSM is sent no more, and does not keep the file.
    pub body: BoxStream<'static, Result<Bytes, BodyError>>,
}

impl Client {
    /// Sends a file once, as the form field `file`. The session is the one in which JSM keeps it, where
    /// JSM tells of one.
    ///
    /// # Errors
    /// When the file does not arrive whole, or JSM does not answer, or not as it should.
    pub(in crate::jsm) async fn upload<T: DeserializeOwned>(
        &self,
        path: &str,
        file: Upload,
    ) -> Result<(T, Option<JsmSession>), Error> {
        self.know_base().await?;
        let call = Call::Upload { path };
        let (turn, form) = form(file);
        let request = self.transport().request_upload(self.base(), path);
        let request = self.authorize(request).await?.header(NO_CHECK.0, NO_CHECK.1).multipart(form);
        let answer: Answer = self.transport().upload(call, request, turn).await?;
        let session = JsmSession::in_answer(&answer.headers);
        let answer = answer.into_success(call)?;
        Ok((answer.json(call)?, session))
    }
}

/// The form, and whose turn it is to go on with it.
fn form(file: Upload) -> (Turns, Form) {
    let (turn, turns) = watch::channel(Turn::Jsms);
    // JSM is given a part, and asks for the next one when it has taken that.
    let parts = stream::unfold((file.body, turn), |(mut body, turn)| async move {
        let _ = turn.send(Turn::Senders);
        let part = body.next().await?;
        let _ = turn.send(Turn::Jsms);
        Some((part, (body, turn)))
    });
    let body = Body::wrap_stream(parts);
    let part = || match file.length {
        Some(length) => Part::stream_with_length(body, length),
        None => Part::stream(body),
    };
    let part = part().file_name(one_line(&file.name));
    (Turns::told_by(turns), Form::new().part("file", typed(part, file.claimed_type.as_deref())))
}

/// reqwest would let a line break of the name begin a line of the head.
fn one_line(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}

/// Jira shows pictures by the type that they came with.
fn typed(part: Part, claimed: Option<&str>) -> Part {
    let value = claimed.filter(|it| is_media_type(it)).map(http::HeaderValue::from_str);
    match value {
        Some(Ok(value)) => part.headers(HeaderMap::from_iter([(header::CONTENT_TYPE, value)])),
        Some(Err(_)) | None => part,
    }
}

/// Type and subtype, without parameters (RFC 9110 section 8.3.1).
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.len() <= 127
        && text.split_once('/').is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn p25_a_name_does_not_begin_a_line_of_the_head() {
        assert_eq!(one_line("a\r\nX-Evil: 1\0\u{85}.png"), "aX-Evil: 1.png");
    }

    #[rstest]
    #[case("image/svg+xml", true)]
    #[case("text/plain; charset=utf-8", false)]
    #[case("text/plain\r\nX: y", false)]
    #[case("text", false)]
    #[case("", false)]
    fn what_is_no_media_type_is_left_out(#[case] text: &str, #[case] is_one: bool) {
        assert_eq!(is_media_type(text), is_one);
    }
}
