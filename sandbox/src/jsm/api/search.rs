//! Searching for issues: Cloud's way from token to token, and Data Center's by numbers.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::super::data::requests::CustomerRequest;
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, found};
use super::ask::{Asked, CloudOnly, Sent};
use super::issues::issue;
use super::jql::Query;
use super::matching::Matching;

/// How many issues may be asked to be current.
const RECONCILE_LIMIT: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/api/{version}/search/jql", post(by_token))
        .route("/rest/api/{version}/search/approximate-count", post(count))
        .route("/rest/api/{version}/search", get(by_number).post(by_number_in_body))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ByToken {
    jql: String,
    #[serde(default)]
    fields: Vec<String>,
    max_results: Option<usize>,
    next_page_token: Option<String>,
    #[serde(default)]
    reconcile_issues: Vec<u64>,
    expand: Option<String>,
    #[serde(default)]
    fields_by_keys: bool,
}

/// What a query finds now, in its order.
fn search(app: &App, jql: &str, current: &[u64]) -> Result<Vec<CustomerRequest>, Refusal> {
    let refusal = |sentence: String| Refusal::platform(StatusCode::BAD_REQUEST, &sentence);
    let query = Query::parse(jql).map_err(refusal)?;
    if query.filter.is_none() && app.is_cloud() {
        let sentence = "Unbounded JQL queries are not allowed here. Please add a search \
                        restriction to your query.";
        return Err(refusal(sentence.to_owned()));
    }
    let me = app.service_account();
    app.change(|state| {
        let now = state.now();
        let is_current =
            |it: &&CustomerRequest| state.index.is_none() || current.contains(&it.issue_id);
        let fresh = state.requests.iter().filter(is_current);
        let stale = state.index.iter().flatten().filter(|it| !current.contains(&it.issue_id));
        let all: Vec<_> = fresh.chain(stale).collect();
        let matching = Matching { state, me: &me, now };
        let found = matching.find(&query, &all).map_err(refusal)?;
        Ok(found.into_iter().cloned().collect())
    })
}

async fn by_token(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    asked: Asked,
    Sent(search_for): Sent<ByToken>,
) -> Answer {
    let ByToken { jql, fields, max_results, next_page_token, reconcile_issues, .. } = search_for;
    let _ = (search_for.expand, search_for.fields_by_keys);
    if reconcile_issues.len() > RECONCILE_LIMIT {
        let sentence = "The maximum number of issues to reconcile is 50.";
        return Err(Refusal::platform(StatusCode::BAD_REQUEST, sentence));
    }
    let start = next_page_token.map_or(Ok(0), |token| position(&token, &jql))?;
    let all = search(&app, &jql, &reconcile_issues)?;
    let cap = app.change(|state| state.faults.page_cap);
    let most = max_results.unwrap_or(50).clamp(1, 5000).min(cap);
    let part: Vec<_> = all.iter().skip(start).take(most).collect();
    let end = start + part.len();
    let view = app.view();
    let issues: Vec<Value> = app.change(|state| {
        let whole = |it: &&CustomerRequest| issue(&view, state, it, &fields, &asked);
        // Without names only the ids are told.
        let id = |it: &&CustomerRequest| json!({"id": it.issue_id.to_string()});
        if fields.is_empty() {
            part.iter().map(id).collect()
        } else {
            part.iter().map(whole).collect()
        }
    });
    let mut answer = Map::from_iter([
        ("issues".to_owned(), Value::from(issues)),
        ("isLast".to_owned(), (end >= all.len()).into()),
    ]);
    if end < all.len() {
        answer.insert("nextPageToken".to_owned(), token(end, &jql).into());
    }
    found(Value::Object(answer))
}

/// Where the next page begins, for this query alone.
fn token(position: usize, jql: &str) -> String {
    let digest = Sha256::digest(jql.as_bytes());
    let of = BASE64_URL_SAFE_NO_PAD.encode(digest.get(..8).unwrap_or_default());
    BASE64_URL_SAFE_NO_PAD.encode(format!("{position}:{of}"))
}

fn position(text: &str, jql: &str) -> Result<usize, Refusal> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let plain = String::from_utf8(bytes).unwrap_or_default();
    let position = plain.split_once(':').and_then(|(position, _)| position.parse().ok());
    let own = position.filter(|&position| token(position, jql) == text);
    let sentence = "The provided next page token is invalid or expired.";
    own.ok_or_else(|| Refusal::platform(StatusCode::BAD_REQUEST, sentence))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    jql: String,
}

async fn count(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    Sent(count): Sent<Count>,
) -> Answer {
    found(json!({"count": search(&app, &count.jql, &[])?.len()}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ByNumber {
    #[serde(default)]
    jql: String,
    #[serde(default)]
    fields: Vec<String>,
    start_at: Option<usize>,
    max_results: Option<usize>,
}

async fn by_number(_: ServiceAccount, State(app): State<App>, asked: Asked) -> Answer {
    let sought = ByNumber {
        jql: asked.first("jql").unwrap_or_default().to_owned(),
        fields: asked.all("fields").map(str::to_owned).collect(),
        start_at: Some(asked.number("startAt", 0)),
        max_results: Some(asked.number("maxResults", 50)),
    };
    numbered(&app, &asked, &sought)
}

async fn by_number_in_body(
    _: ServiceAccount,
    State(app): State<App>,
    asked: Asked,
    Sent(sought): Sent<ByNumber>,
) -> Answer {
    numbered(&app, &asked, &sought)
}

fn numbered(app: &App, asked: &Asked, sought: &ByNumber) -> Answer {
    if app.is_cloud() {
        let sentence = "The requested API has been removed. Please migrate to the \
                        /rest/api/3/search/jql API.";
        return Err(Refusal::platform(StatusCode::GONE, sentence));
    }
    let all = search(app, &sought.jql, &[])?;
    let cap = app.change(|state| state.faults.page_cap);
    let (start, most) = (sought.start_at.unwrap_or(0), sought.max_results.unwrap_or(50).min(cap));
    let view = app.view();
    let issues: Vec<_> = app.change(|state| {
        let part = all.iter().skip(start).take(most);
        part.map(|it| issue(&view, state, it, &sought.fields, asked)).collect()
    });
    found(json!({
        "expand": "names,schema",
        "startAt": start,
        "maxResults": most,
        "total": all.len(),
        "issues": issues,
    }))
}
