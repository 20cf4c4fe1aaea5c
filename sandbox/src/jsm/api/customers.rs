//! Making customers, and who is listed at a desk.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::super::data::people::Account;
use super::super::desk::Desk;
use super::super::platform::ServiceAccount;
use super::super::state::App;
use super::answer::{Answer, Refusal, created, found, nothing};
use super::ask::{Asked, CloudOnly, Experimental, InDesk, Sent};
use super::paging::page;
use super::permissions;

pub(super) fn routes() -> Router<App> {
    let listed = get(list).post(add).delete(remove);
    Router::new()
        .route("/rest/servicedeskapi/customer", post(create))
        .route("/rest/servicedeskapi/servicedesk/{desk}/customer", listed)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Named {
    email: String,
    display_name: Option<String>,
    full_name: Option<String>,
}

async fn create(
    _: ServiceAccount,
    State(app): State<App>,
    asked: Asked,
    Sent(named): Sent<Named>,
) -> Answer {
    permissions::administrator(&app)?;
    let name = match (app.is_cloud(), named.display_name, named.full_name) {
        (true, Some(name), _) | (_, None, Some(name)) => name,
        (false, Some(_), _) => {
            let sentence = "Unrecognized field \"displayName\"";
            return Err(Refusal::platform(StatusCode::BAD_REQUEST, sentence));
        }
        (_, None, None) => String::new(),
    };
    if name.trim().is_empty() {
        let sentence = "You need to specify a name for the customer.";
        return Err(Refusal::bad_request(sentence, "sd.customer.error.fullname.empty"));
    }
    let email = named.email.trim();
    if !is_address(email) {
        let sentence = "The email address is not valid.";
        return Err(Refusal::bad_request(sentence, "sd.customer.error.email.invalid"));
    }
    let view = app.view();
    let strict = app.is_cloud() && asked.flag("strictConflictStatusCode", false);
    app.change(|state| {
        if state.people.has_email(email) {
            let status = if strict { StatusCode::CONFLICT } else { StatusCode::BAD_REQUEST };
            let sentence = "An account already exists for this email address.";
            return Err(Refusal::jsm(status, sentence, "sd.customer.error.email.exists"));
        }
        let id = state.people.add(Account::customer(name.trim(), email), view.cloud);
        created(view.user_by_id(&state.people, &id))
    })
}

fn is_address(email: &str) -> bool {
    let parts = email.split_once('@');
    parts.is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !domain.contains('@') && !email.contains(' ')
    })
}

async fn list(
    _: ServiceAccount,
    _: CloudOnly,
    _: Experimental,
    State(app): State<App>,
    InDesk(desk): InDesk,
    asked: Asked,
) -> Answer {
    permissions::agent(&app)?;
    let (view, query) = (app.view(), asked.first("query").unwrap_or_default());
    let all: Vec<Value> = app.change(|state| {
        let people = &state.people;
        let listed = people.listed(desk.id).iter().filter_map(|id| people.account(id));
        listed.filter(|it| it.matches(query)).map(|it| view.user(people, it)).collect()
    });
    let call = format!("servicedesk/{}/customer", desk.id);
    found(page(&app, &call, asked.window(), all))
}

/// Ids of accounts: `accountIds` on Cloud, `usernames` on Data Center, and never the other's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Ids {
    account_ids: Option<Vec<String>>,
    usernames: Option<Vec<String>>,
}

impl Ids {
    pub(super) fn of(self, app: &App) -> Result<Vec<String>, Refusal> {
        let (own, others, name) = if app.is_cloud() {
            (self.account_ids, self.usernames, "accountIds")
        } else {
            (self.usernames, self.account_ids, "usernames")
        };
        match (own, others) {
            (Some(ids), None) if !ids.is_empty() => Ok(ids),
            _ => {
                let sentence = format!("You must provide {name}.");
                Err(Refusal::bad_request(&sentence, "sd.user.error.none"))
            }
        }
    }
}

/// Those that exist are added even if another one does not.
async fn add(
    _: ServiceAccount,
    State(app): State<App>,
    InDesk(desk): InDesk,
    Sent(ids): Sent<Ids>,
) -> Answer {
    permissions::of_desk(&app)?;
    let ids = ids.of(&app)?;
    app.change(|state| {
        let (known, unknown): (Vec<_>, Vec<_>) =
            ids.into_iter().partition(|id| state.people.account(id).is_some_and(|it| it.active));
        for id in &known {
            state.people.list(desk.id, id);
        }
        if unknown.is_empty() { nothing() } else { Err(no_account(&unknown)) }
    })
}

async fn remove(
    _: ServiceAccount,
    _: Experimental,
    State(app): State<App>,
    InDesk(desk): InDesk,
    Sent(ids): Sent<Ids>,
) -> Answer {
    permissions::of_desk(&app)?;
    let ids = ids.of(&app)?;
    refuse_for_open(&desk)?;
    app.change(|state| ids.iter().for_each(|id| state.people.unlist(desk.id, id)));
    nothing()
}

fn refuse_for_open(desk: &Desk) -> Result<(), Refusal> {
    let sentence = "Customers cannot be removed from an open service desk.";
    if desk.open { Err(Refusal::bad_request(sentence, "sd.customer.error.open")) } else { Ok(()) }
}

pub(super) fn no_account(unknown: &[String]) -> Refusal {
    let sentence = format!("Could not find users: {}", unknown.join(", "));
    Refusal::bad_request(&sentence, "sd.user.error.not.found")
}
