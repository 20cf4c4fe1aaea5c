//! The REST calls that the hosted portal uses, on Cloud and on Data Center. Wrong values are refused
//! as the real one refuses them.

mod answer;
mod ask;
mod attached_form;
mod comments;
mod customers;
mod dates;
mod fields;
mod files;
mod groups;
mod html;
mod issues;
mod jql;
mod knowledge;
mod matching;
mod one_comment;
mod organizations;
mod paging;
mod permissions;
mod raising;
mod requests;
mod roles;
mod search;
mod shapes;
mod transitions;
mod types;
mod uploads;
mod users;
mod values;
mod writing;

use axum::Router;

pub(super) use self::answer::{Answer, Refusal};
pub(super) use self::ask::{Asked, InDesk};
pub(super) use self::attached_form::routes as attached_form;
pub(super) use self::files::media;
pub(super) use self::paging::page;
pub(super) use self::values::View;
use super::state::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(customers::routes())
        .merge(comments::routes())
        .merge(fields::routes())
        .merge(files::routes())
        .merge(groups::routes())
        .merge(issues::routes())
        .merge(knowledge::routes())
        .merge(one_comment::routes())
        .merge(organizations::routes())
        .merge(permissions::routes())
        .merge(raising::routes())
        .merge(requests::routes())
        .merge(roles::routes())
        .merge(search::routes())
        .merge(transitions::routes())
        .merge(types::routes())
        .merge(uploads::routes())
        .merge(users::routes())
        .merge(writing::routes())
}
