//! What all of the gate's pages share: who asks, how a page is rendered and what it may do.
//! Must not know OpenID Connect, pingora, or what a page is about.

pub(crate) mod addresses;
pub(crate) mod assets;
pub mod body;
mod branding;
pub mod caller;
pub mod catalogue;
pub mod entered;
mod first_line;
pub(crate) mod foreign_form;
pub mod form_body;
pub mod html_from_jsm;
mod jwks;
pub mod navigation;
pub mod numbers;
pub mod own_templates;
pub mod policy;
mod posting;
pub mod preferences;
pub mod renderer;
pub(crate) mod response;
pub mod routes;
pub(crate) mod template_texts;
pub mod templates;
pub mod throttle;
pub mod times;

use std::sync::Arc;

use axum::routing::get;

pub use body::BrokenBody;
pub use caller::{Brings, Caller, Viewer, wants_html};
pub(crate) use entered::Arrival;
pub use entered::{Entered, NotEntered};
pub use first_line::without_first_line;
pub use form_body::{Entry, FormBody, FormError, SentFile};
pub use html_from_jsm::{Cleaned, SafeHtml, Surroundings};
pub use policy::{ContentPolicy, FramedBy, PagePolicy};
pub use posting::PostsItself;
pub use preferences::{Chosen, PreferenceRules, Preferences};
pub use renderer::{PageSettings, Pages};
pub use routes::{Routes, Site};
pub use throttle::{Counted, Throttle};

use crate::keys::Keyring;

/// What the pages of this room work with.
#[derive(Clone)]
pub struct WebState {
    /// Renders problems.
    pub pages: Arc<Pages>,
    /// The keys of the assertion, if one is configured.
    pub keyring: Option<Arc<Keyring>>,
}

/// The pages that are the same for everybody.
pub fn routes(state: WebState) -> Routes {
    let page = PagePolicy::STRICT.for_anybody();
    Routes::new()
        .route("/_gate/jwks.json", page, get(jwks::show))
        .route("/_gate/static/{file}", page, get(assets::serve))
        .route(branding::LOGO, page.sandboxed(), get(branding::logo))
        .route(branding::STYLE, page, get(branding::style_sheet))
        .with_state(state)
}
