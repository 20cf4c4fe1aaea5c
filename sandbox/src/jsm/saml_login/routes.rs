//! The addresses of the login.

use axum::Router;

use super::super::state::App;
use super::{authconfig, consumer, login_page};

pub(in crate::jsm) fn routes() -> Router<App> {
    login_page::routes().merge(consumer::routes()).merge(authconfig::routes())
}
