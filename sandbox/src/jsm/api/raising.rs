//! Raising requests, also for somebody else.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::data::fields::FieldKind;
use super::super::data::requests::CustomerRequest;
use super::super::desk::{Desk, RequestType};
use super::super::platform::ServiceAccount;
use super::super::state::{App, State as Kept};
use super::answer::{Answer, Refusal, created, found};
use super::ask::{Asked, CloudOnly, Sent, find_desk};
use super::customers::no_account;
use super::named::no_request;
use super::permissions::{may, require};
use super::shapes::Shapes;
use super::uploads::Session;
use super::{html, requests, types};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/rest/servicedeskapi/request", post(raise))
        .route("/rest/servicedeskapi/request/validate", post(validate))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Raised {
    service_desk_id: String,
    request_type_id: String,
    #[serde(default)]
    request_field_values: Map<String, Value>,
    #[serde(default)]
    request_participants: Vec<String>,
    raise_on_behalf_of: Option<String>,
    is_adf_request: Option<bool>,
    form: Option<Value>,
    channel: Option<String>,
}

/// Why a request cannot be raised.
enum Wrong {
    Whole(Refusal),
    Fields(BTreeMap<String, String>),
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        Self::Whole(refusal)
    }
}

impl Raised {
    fn of_type(&self, app: &App) -> Result<(Desk, RequestType), Refusal> {
        let desk = find_desk(app, &self.service_desk_id).ok_or_else(Refusal::no_desk)?;
        let id = self.request_type_id.parse().ok();
        let it = id.and_then(|id| desk.request_type(id).cloned()).ok_or_else(types::no_type)?;
        Ok((desk, it))
    }

    /// One bad value refuses the whole.
    fn check(
        &self,
        app: &App,
        (desk, it): &(Desk, RequestType),
        session: &Session,
    ) -> Result<(), Wrong> {
        let cloud = app.is_cloud();
        if !cloud
            && (self.is_adf_request.is_some() || self.form.is_some() || self.channel.is_some())
        {
            let sentence = "Unrecognized field in the request.";
            return Err(Refusal::platform(StatusCode::BAD_REQUEST, sentence).into());
        }
        if self.raise_on_behalf_of.is_some() || !self.request_participants.is_empty() {
            let sentence = "You do not have permission to raise requests for others.";
            require(may(app, "SERVICEDESK_AGENT"), sentence)?;
        }
        app.change(|state| {
            self.check_people(state)?;
            let mut wrong = self.wrong_values(state, it, cloud);
            for id in self.files() {
                if !state.temporary.iter().any(|file| file.id == id && session.has(file, desk.id)) {
                    let sentence = format!("The temporary attachment '{id}' does not exist.");
                    wrong.insert("attachment".to_owned(), sentence);
                }
            }
            if wrong.is_empty() { Ok(()) } else { Err(Wrong::Fields(wrong)) }
        })
    }

    fn check_people(&self, state: &Kept) -> Result<(), Refusal> {
        let is_unknown = |id: &&String| !state.people.account(id).is_some_and(|it| it.active);
        if self.raise_on_behalf_of.iter().any(|id| is_unknown(&id)) {
            let sentence = "raiseOnBehalfOf is invalid. The customer cannot be added to this \
                            service project.";
            return Err(Refusal::bad_request(sentence, "sd.request.error.raise.on.behalf.of"));
        }
        let unknown: Vec<_> =
            self.request_participants.iter().filter(is_unknown).cloned().collect();
        if unknown.is_empty() { Ok(()) } else { Err(no_account(&unknown)) }
    }

    /// Field by field; hidden and unknown ones cannot be set.
    fn wrong_values(
        &self,
        state: &Kept,
        it: &RequestType,
        cloud: bool,
    ) -> BTreeMap<String, String> {
        let documents = self.is_adf_request.unwrap_or(false);
        let shapes = Shapes { people: &state.people, cloud, documents };
        let mut wrong = BTreeMap::new();
        let shown: Vec<_> = it.fields.iter().filter(|field| field.preset.is_none()).collect();
        for (id, value) in &self.request_field_values {
            let checked = match shown.iter().find(|field| &field.id == id) {
                Some(field) => shapes.check(field, value),
                None => Err(format!(
                    "Field '{id}' cannot be set. It is not on the appropriate screen, or unknown."
                )),
            };
            if let Err(sentence) = checked {
                wrong.insert(id.clone(), sentence);
            }
        }
        for field in shown.iter().filter(|field| field.required) {
            let sent = self.request_field_values.get(&field.id);
            let empty = |value: &Value| {
                value.is_null()
                    || value.as_str().is_some_and(|it| it.trim().is_empty())
                    || value.as_array().is_some_and(Vec::is_empty)
            };
            if sent.is_none_or(empty) {
                wrong.insert(field.id.clone(), format!("{} is required.", field.name));
            }
        }
        wrong
    }

    fn files(&self) -> Vec<&str> {
        let sent = self.request_field_values.get("attachment").and_then(Value::as_array);
        sent.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn keep(&self, state: &mut Kept, desk: &Desk, it: &RequestType, me: &str) -> String {
        let text = |name: &str| match self.request_field_values.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(document) => html::text_of(document),
            None => String::new(),
        };
        let own = ["summary", "description", "attachment"];
        let others = self.request_field_values.iter().filter(|(id, _)| !own.contains(&id.as_str()));
        let is_organizations = |id: &str| {
            it.fields.iter().any(|it| it.id == id && it.kind == FieldKind::Organizations)
        };
        let shared = others.clone().filter(|(id, _)| is_organizations(id));
        let shared = shared.filter_map(|(_, value)| value.as_array()).flatten();
        let reporter = self.raise_on_behalf_of.clone().unwrap_or_else(|| me.to_owned());
        if !desk.open {
            // JSM makes whoever a request is raised for a customer of a restricted desk.
            state.people.list(desk.id, &reporter);
        }
        let request = CustomerRequest {
            type_id: Some(it.id),
            type_name: it.name.clone(),
            reporter: Some(reporter),
            creator: me.to_owned(),
            participants: self.request_participants.clone(),
            organizations: shared.filter_map(Value::as_u64).collect(),
            fields: others.map(|(id, value)| (id.clone(), value.clone())).collect(),
            ..CustomerRequest::new(desk.portal_id, &text("summary"), &text("description"))
        };
        let key = state.raise(desk, request);
        for id in self.files() {
            state.keep_file(id, &key, me);
        }
        key
    }
}

async fn raise(
    _: ServiceAccount,
    State(app): State<App>,
    asked: Asked,
    session: Session,
    Sent(raised): Sent<Raised>,
) -> Answer {
    let of_type = raised.of_type(&app)?;
    require(may(&app, "CREATE_ISSUES"), "You do not have permission to create requests.")?;
    raised.check(&app, &of_type, &session).map_err(|wrong| match wrong {
        Wrong::Whole(refusal) => refusal,
        Wrong::Fields(errors) => {
            let body = json!({"errorMessages": [], "errors": errors});
            Refusal::with_body(StatusCode::BAD_REQUEST, body)
        }
    })?;
    let (me, (desk, it)) = (app.service_account(), of_type);
    let request = app.change(|state| {
        let key = raised.keep(state, &desk, &it, &me);
        state.find(&key).cloned()
    });
    created(requests::value(&app, &request.ok_or_else(no_request)?, &asked)?)
}

/// Says what `raise` would; raises nothing.
async fn validate(
    _: ServiceAccount,
    _: CloudOnly,
    State(app): State<App>,
    session: Session,
    Sent(raised): Sent<Raised>,
) -> Answer {
    let of_type = raised.of_type(&app)?;
    match raised.check(&app, &of_type, &session) {
        Ok(()) => found(json!({"valid": true})),
        Err(Wrong::Whole(refusal)) => Err(refusal),
        Err(Wrong::Fields(errors)) => {
            let errors: Vec<_> = errors
                .into_iter()
                .map(|(field, message)| json!({"field": field, "message": message}))
                .collect();
            let body = json!({
                "valid": false,
                "errorMessage": "Your request could not be created. Please check the fields.",
                "errorMessages": [],
                "fieldErrors": errors,
                "formErrors": [],
                "reasonKey": "sd.validation.field.error",
            });
            Err(Refusal::with_body(StatusCode::BAD_REQUEST, body))
        }
    }
}
