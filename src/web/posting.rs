//! The page that posts its form to another site by itself (SAML bindings 2.0, 3.5.4). Must not know what is
//! posted.

use std::sync::LazyLock;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;
use minijinja::{Environment, Value, context};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::{Pages, Preferences};

/// All that the page's script does.
const SCRIPT: &str = "document.forms[0].submit()";

/// Browsers run this script and no other. There is no `form-action`: Chrome holds it against the redirects
/// that follow the form at the other site, which are none of the gate's business.
static CONTENT_POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64_STANDARD.encode(Sha256::digest(SCRIPT));
    format!(
        "default-src 'none'; script-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// Says of a response that it is such a page, as an extension. It only counts on routes with
/// [`super::ContentPolicy::Posting`].
#[derive(Clone, Copy, Debug)]
pub struct PostsItself;

impl PostsItself {
    /// What a browser may do with the page.
    #[must_use]
    pub fn content_policy() -> &'static str {
        &CONTENT_POLICY
    }
}

/// Gives templates the script.
pub(super) fn add(templates: &mut Environment<'static>) {
    templates.add_global("post_script", Value::from_safe_string(SCRIPT.to_owned()));
}

impl Pages {
    /// A page that posts `fields` to an absolute address, at once or by its button.
    pub(crate) fn posting(
        &self,
        reader: &Preferences,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Response<Body> {
        let host = Url::parse(action).ok().and_then(|url| url.host_str().map(str::to_owned));
        let fields: Vec<_> =
            fields.iter().map(|&(name, value)| context! { name => name, value => value }).collect();
        let values = context! { action => action, host => host, fields => fields };
        let mut page = self.page(reader, StatusCode::OK, "post.html", values);
        page.extensions_mut().insert(PostsItself);
        page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_runs_the_pages_script_and_nothing_else() {
        // printf 'document.forms[0].submit()' | openssl dgst -sha256 -binary | base64
        let policy = PostsItself::content_policy();
        assert_eq!(
            policy,
            "default-src 'none'; script-src 'sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE='; base-uri 'none'; frame-ancestors 'none'"
        );
    }
}
