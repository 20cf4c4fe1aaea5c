//! Files on their way into requests: temporary ones, and those that become attachments.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Multipart, State};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use bytes::Bytes;
use cookie::Cookie;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::platform::ServiceAccount;
use super::super::state::{App, Temporary};
use super::answer::{Answer, Refusal, created, found};
use super::ask::{Asked, InDesk, Sent};
use super::named::{OfRequest, desk_of};
use super::paging::page;
use super::permissions::{may, require};
use super::transitions::AdditionalComment;
use super::{comments, files};

/// How many files one call may bring.
const COUNT_LIMIT: usize = 60;
/// Of what is larger only the length is kept.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

pub(super) fn routes() -> Router<App> {
    let upload = post(upload).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/rest/servicedeskapi/servicedesk/{desk}/attachTemporaryFile", upload)
        .route("/rest/servicedeskapi/request/{key}/attachment", post(attach))
        .route("/rest/api/{version}/attachment/meta", get(settings))
}

/// How large a file may be.
async fn settings(State(app): State<App>) -> Answer {
    let (enabled, limit) = app.change(|state| (state.takes_files, state.file_limit));
    found(json!({"enabled": enabled, "uploadLimit": limit}))
}

/// Jira's session of the caller, which temporary files belong to on Data Center.
pub(super) struct Session(Option<String>);

impl Session {
    /// Whether the caller may use the file at this desk.
    pub(super) fn has(&self, file: &Temporary, desk: u64) -> bool {
        file.desk == desk && (file.session.is_none() || file.session == self.0)
    }
}

impl FromRequestParts<App> for Session {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let lines = parts.headers.get_all(header::COOKIE).iter();
        let lines = lines.filter_map(|value| value.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
        let own = cookies.find(|cookie| cookie.name() == "JSESSIONID");
        Ok(Self(own.filter(|_| !app.is_cloud()).map(|cookie| cookie.value().to_owned())))
    }
}

async fn upload(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    session: Session,
    headers: HeaderMap,
    form: Multipart,
) -> Answer {
    if headers.get("x-atlassian-token").is_none_or(|value| value != "no-check") {
        return Ok((StatusCode::FORBIDDEN, "XSRF check failed").into_response());
    }
    require(may(&app, "CREATE_ATTACHMENTS"), "You do not have permission to attach files.")?;
    let files = read(form, app.change(|state| state.file_limit)).await?;
    let session = match session.0 {
        None if !app.is_cloud() => Some(format!("{:032X}", rand::random::<u128>())),
        own => own,
    };
    let kept: Vec<_> = app.change(|state| {
        let mut keep = |(name, bytes, len): (String, Bytes, u64)| {
            let id = format!("temp{}", state.id());
            let value = json!({"temporaryAttachmentId": id, "fileName": name});
            let (session, desk) = (session.clone(), desk.id);
            state.temporary.push(Temporary { id, name, bytes, len, desk, session });
            value
        };
        files.into_iter().map(&mut keep).collect()
    });
    let mut answer = created(json!({"temporaryAttachments": kept}))?;
    let cookie = session.map(|id| format!("JSESSIONID={id}; Path=/; HttpOnly"));
    if let Some(cookie) = cookie.and_then(|it| it.parse().ok()) {
        answer.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(answer)
}

/// The files of the form's parts named `file`, with their lengths.
async fn read(mut form: Multipart, limit: u64) -> Result<Vec<(String, Bytes, u64)>, Refusal> {
    let broken = |_| Refusal::bad_request("The form is broken.", "sd.attachment.error.form");
    let mut files = Vec::new();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.file_name().map(str::to_owned);
        let (Some("file"), Some(name)) = (field.name(), name) else { continue };
        let (mut kept, mut len) = (Vec::new(), 0_u64);
        while let Some(chunk) = field.chunk().await.map_err(broken)? {
            len += chunk.len() as u64;
            if kept.len() < KEPT_BYTES {
                kept.extend_from_slice(&chunk);
            }
        }
        if len > limit {
            let sentence = format!("The file {name} is larger than {limit} bytes.");
            return Err(Refusal::bad_request(&sentence, "sd.attachment.error.too.large"));
        }
        files.push((name, kept.into(), len));
    }
    match files.len() {
        0 => Err(Refusal::bad_request("No file was sent.", "sd.attachment.error.none")),
        count if count > COUNT_LIMIT => {
            let sentence = "At most 60 files can be attached at once.";
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            Err(Refusal::jsm(status, sentence, "sd.attachment.error.too.many"))
        }
        _ => Ok(files),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Attached {
    temporary_attachment_ids: Vec<String>,
    public: bool,
    additional_comment: Option<AdditionalComment>,
}

/// Makes a comment that has the files.
async fn attach(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    session: Session,
    asked: Asked,
    Sent(sent): Sent<Attached>,
) -> Answer {
    require(may(&app, "CREATE_ATTACHMENTS"), "You do not have permission to attach files.")?;
    let desk = desk_of(&app, &request)?;
    let (me, view) = (app.service_account(), app.view());
    let (comment, values) = app.change(|state| {
        let known = |id: &&String| {
            state.temporary.iter().any(|it| &&it.id == id && session.has(it, desk.id))
        };
        if let Some(id) = sent.temporary_attachment_ids.iter().find(|id| !known(id)) {
            let sentence = format!("The temporary attachment '{id}' does not exist.");
            return Err(Refusal::bad_request(&sentence, "sd.attachment.error.temporary"));
        }
        let ids = sent.temporary_attachment_ids.iter();
        let ids: Vec<_> = ids.filter_map(|id| state.keep_file(id, &request.key, &me)).collect();
        let of_it = |it: &&super::super::state::Attachment| ids.contains(&it.id);
        let names = state.attachments.iter().filter(of_it).map(|it| format!("[^{}]", it.name));
        let said = sent.additional_comment.map(|it| it.body);
        let body = said.into_iter().chain(names).collect::<Vec<_>>().join("\n\n");
        let mut comment = state.new_comment(&me, &body, sent.public);
        comment.attachments.clone_from(&ids);
        state.say(&request.key, comment.clone());
        let values = state.attachments.iter().filter(of_it);
        let values: Vec<Value> = values.map(|it| files::value(&view, state, it)).collect();
        Ok((comments::value(&view, state, &request, &comment, &asked), values))
    })?;
    let window = super::paging::Window { start: 0, limit: 50 };
    let call = format!("request/{}/attachment", request.key);
    let files = page(&app, &call, window, values);
    created(json!({"comment": comment, "attachments": files}))
}
