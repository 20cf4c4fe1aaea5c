//! The static files of the gate's own pages. Their addresses change with their contents, so
//! that browsers may keep them for ever. Must not know which page uses what.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, body::Body};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use super::{Caller, WebState};
use crate::problem::Problem;

/// A file whose address changes with its content may be kept for ever.
pub(crate) const FOR_EVER: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// Every file, with the name by which templates know its address.
pub(crate) const ALL: [(&str, Asset); 9] = [
    ("site_icon", Asset::svg("icon.svg", include_str!("static/icon.svg"))),
    ("style", Asset::style("style.css", include_str!("static/style.css"))),
    // Removes secrets from the address bar.
    ("address_script", Asset::script("address.js", include_str!("static/address.js"))),
    // Takes the `#fragment` along to the login.
    ("continue_script", Asset::script("continue.js", include_str!("static/continue.js"))),
    // Counts characters, and narrows lists.
    ("fields_script", Asset::script("fields.js", include_str!("static/fields.js"))),
    // Keeps drafts of forms in the browser, and uploads files while a form is filled in.
    ("form_script", Asset::script("form.js", include_str!("static/form.js"))),
    // Posts the form of another site once more.
    ("resubmit_script", Asset::script("resubmit.js", include_str!("static/resubmit.js"))),
    // Shows a page as soon as it is available.
    ("retry_script", Asset::script("retry.js", include_str!("static/retry.js"))),
    // Suggests request types under the search box.
    ("search_script", Asset::script("search.js", include_str!("static/search.js"))),
];

/// A file that is part of the binary.
pub(crate) struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

impl Asset {
    const fn script(name: &'static str, content: &'static str) -> Self {
        Self { name, kind: "text/javascript; charset=utf-8", content }
    }

    const fn style(name: &'static str, content: &'static str) -> Self {
        Self { name, kind: "text/css; charset=utf-8", content }
    }

    const fn svg(name: &'static str, content: &'static str) -> Self {
        Self { name, kind: "image/svg+xml", content }
    }

    /// Where it is served. The number in it changes with the content.
    pub(crate) fn address(&self) -> String {
        format!("/_gate/static/{}?v={}", self.name, fingerprint(self.content.as_bytes()))
    }
}

/// A number that changes with the content.
pub(crate) fn fingerprint(content: &[u8]) -> String {
    let add = |sum: u32, byte: &u8| sum.wrapping_mul(16_777_619) ^ u32::from(*byte);
    format!("{:08x}", content.iter().fold(0, add))
}

/// `GET /_gate/static/{file}`
pub(crate) async fn serve(
    State(state): State<WebState>,
    Extension(caller): Extension<Caller>,
    Path(file): Path<String>,
) -> Response {
    let Some((_, asset)) = ALL.into_iter().find(|(_, asset)| asset.name == file) else {
        return state.pages.tell(&Problem::NotFound, &caller);
    };
    let mut response = Response::new(Body::from(asset.content));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    headers.insert(CACHE_CONTROL, FOR_EVER);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pages are complete without them, and open on a slow phone too.
    #[test]
    fn all_scripts_together_have_ten_kilobytes_and_the_style_sixteen() {
        let bytes = |kind: &str| {
            let of_kind = ALL.into_iter().filter(|(_, asset)| asset.kind.starts_with(kind));
            of_kind.map(|(_, asset)| asset.content.len()).sum::<usize>()
        };
        assert!(bytes("text/javascript") <= 10 * 1024, "{}", bytes("text/javascript"));
        assert!(bytes("text/css") <= 16 * 1024, "{}", bytes("text/css"));
    }
}
