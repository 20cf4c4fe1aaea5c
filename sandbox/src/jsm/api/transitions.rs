//! What customers may do to a request's status.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde::Deserialize;
use serde_json::json;

use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, found, nothing};
use super::ask::{Asked, Sent};
use super::named::OfRequest;
use super::paging::page;
use super::permissions::{may, require};

pub(super) fn routes() -> Router<App> {
    let both = get(offered).post(perform);
    Router::new().route("/rest/servicedeskapi/request/{key}/transition", both)
}

async fn offered(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    asked: Asked,
) -> Answer {
    let all = request.status.transitions().iter();
    let all = all.map(|(id, name, _)| json!({"id": id, "name": name})).collect();
    found(page(&app, &format!("request/{}/transition", request.key), asked.window(), all))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Execution {
    id: String,
    additional_comment: Option<AdditionalComment>,
}

/// A comment that comes with something else; it is public.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdditionalComment {
    pub(super) body: String,
}

async fn perform(
    _: ServiceAccount,
    State(app): State<App>,
    OfRequest(request): OfRequest,
    Sent(execution): Sent<Execution>,
) -> Answer {
    require(may(&app, "TRANSITION_ISSUES"), "You do not have permission to transition issues.")?;
    let offered = request.status.transitions().iter();
    let Some((.., to)) = offered.clone().find(|(id, ..)| *id == execution.id) else {
        let sentence = "The transition is not valid for the request.";
        return Err(Refusal::bad_request(sentence, "sd.request.transition.error.invalid"));
    };
    let me = app.service_account();
    app.change(|state| {
        let now = state.now();
        if let Some(there) = state.find(&request.key) {
            there.move_to(*to, now);
        }
        if let Some(AdditionalComment { body }) = execution.additional_comment {
            let comment = state.new_comment(&me, &body, true);
            state.say(&request.key, comment);
        }
    });
    nothing()
}
