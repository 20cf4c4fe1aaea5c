//! The REST calls that the hosted portal uses, on Cloud and on Data Center. Wrong values are refused
//! as the real one refuses them.

mod answer;
mod ask;
mod customers;
mod groups;
mod organizations;
mod paging;
mod permissions;
mod users;
mod values;

use axum::Router;

pub(super) use self::answer::{Answer, Refusal};
pub(super) use self::ask::{Asked, Experimental, InDesk};
pub(super) use self::paging::page;
pub(super) use self::values::View;
use super::state::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(customers::routes())
        .merge(groups::routes())
        .merge(organizations::routes())
        .merge(permissions::routes())
        .merge(users::routes())
}
