//! The pages of portals: the list of those that a customer may use, and the choice of a language. Must not
//! know how somebody logs in.

pub mod authors;
pub mod forms;
pub mod gatekeeper;
mod home;
pub mod hosted;
pub mod kept;
pub mod people;
mod preferences;

use std::sync::Arc;

use axum::routing::get;

use crate::domain::PortalsNow;
use crate::session::Sessions;
use crate::web::{PagePolicy, Pages, Routes};

/// What the pages of this room work with.
#[derive(Clone)]
pub struct PortalState {
    /// Renders.
    pub pages: Arc<Pages>,
    /// The portals.
    pub portals: PortalsNow,
    /// Tells what time it is for sessions.
    pub sessions: Arc<Sessions>,
}

/// The pages of this room.
pub fn routes(state: PortalState) -> Routes {
    let page = PagePolicy::STRICT;
    Routes::new()
        .route("/", page, get(home::show))
        .route("/_gate/preferences", page, get(preferences::show).post(preferences::save))
        .with_state(state)
}
