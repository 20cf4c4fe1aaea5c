//! The REST calls that the hosted portal uses, on Cloud and on Data Center. Wrong values are refused
//! as the real one refuses them.

pub(super) mod answer;
pub(super) mod ask;
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
mod named;
mod one_comment;
mod organizations;
pub(super) mod paging;
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
pub(super) mod values;
mod writing;

use axum::Router;

pub(super) use self::attached_form::routes as attached_form;
pub(super) use self::files::media;
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
