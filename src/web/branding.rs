//! The logo and the colours of a site, as files of the gate's own. Must not know which page shows them.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bytes::Bytes;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use minijinja::{Environment, Value, context};

use super::assets::{FOR_EVER, fingerprint};
use super::{Caller, WebState};
use crate::config::{BrandingConfig, Color};
use crate::domain::PublicUrl;
use crate::problem::Problem;

pub(super) const LOGO: &str = "/_gate/brand/logo";
pub(super) const STYLE: &str = "/_gate/brand/style.css";

/// What all templates know of the site, in place of what there is without branding.
pub(super) fn add(
    templates: &mut Environment<'static>,
    branding: &BrandingConfig,
    public_url: &PublicUrl,
) {
    let logo = branding.logo.as_ref();
    let logo = logo.map(|logo| format!("{LOGO}?v={}", fingerprint(&logo.bytes)));
    let style = branding.accent.map(style);
    let style = style.map(|style| format!("{STYLE}?v={}", fingerprint(style.as_bytes())));
    let contact = branding.contact.as_ref().map(|contact| {
        context! { address => contact.address.as_str(), name => contact.name.as_str() }
    });
    templates
        .add_global("site", branding.name.as_deref().unwrap_or_else(|| public_url.authority()));
    if let Some(logo) = logo {
        templates.add_global("site_icon", logo);
    }
    templates.add_global("brand_style", Value::from(style));
    templates.add_global("contact", Value::from(contact));
}

/// The built-in sheet makes every accent readable where browsers can change a colour; where they cannot, the
/// accent is taken as it is, on light ground.
fn style(accent: Color) -> String {
    format!(
        ":root {{ --accent: {accent}; }}\n\
         @supports not (color: oklch(from red l c h)) {{ @media (prefers-color-scheme: light) {{ \
         :root {{ --link: {accent}; --fill: {accent}; }} }} }}\n"
    )
}

/// `GET /_gate/brand/logo`
pub(super) async fn logo(
    State(state): State<WebState>,
    Extension(caller): Extension<Caller>,
) -> Response {
    match &state.pages.branding().logo {
        Some(logo) => file(logo.kind, Bytes::copy_from_slice(&logo.bytes)),
        None => state.pages.tell(&Problem::NotFound, &caller),
    }
}

/// `GET /_gate/brand/style.css`
pub(super) async fn style_sheet(
    State(state): State<WebState>,
    Extension(caller): Extension<Caller>,
) -> Response {
    match state.pages.branding().accent {
        Some(accent) => file("text/css; charset=utf-8", style(accent).into()),
        None => state.pages.tell(&Problem::NotFound, &caller),
    }
}

fn file(kind: &'static str, content: Bytes) -> Response {
    let mut response = Response::new(Body::from(content));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, FOR_EVER);
    response
}
