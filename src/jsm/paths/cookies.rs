//! Jira's cookies that log a browser in. It must not know what their values mean.

use crate::domain::ContextPath;

/// The cookie of Tomcat's sessions, and so of Jira's.
pub(crate) const SESSION_COOKIE: &str = "JSESSIONID";

/// The cookie by which Jira's Seraph logs a browser in again, for weeks.
const REMEMBER_ME_COOKIE: &str = "seraph.rememberme.cookie";

/// The cookie of Crowd's single sign-on, which is of a whole domain.
const CROWD_COOKIE: &str = "crowd.token_key";

/// Whether Jira logs a browser in by a cookie of this name alone.
pub(crate) fn logs_in(name: &str) -> bool {
    [REMEMBER_ME_COOKIE, CROWD_COOKIE].iter().any(|it| it.eq_ignore_ascii_case(name))
}

/// Name and path of each cookie by which Jira would still take a browser for its earlier user, when
/// somebody else is logged in at the gate, or nobody is any more. Tomcat sets them for the context
/// path.
pub(crate) fn login_cookies(
    context_path: &ContextPath,
) -> impl Iterator<Item = (&'static str, &str)> {
    let paths = ["/", context_path.as_str()].into_iter().filter(|path| !path.is_empty());
    paths.flat_map(|path| [SESSION_COOKIE, REMEMBER_ME_COOKIE].map(|name| (name, path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_named_wherever_tomcat_may_have_set_them() {
        let cookies = |context: &str| {
            let context_path =
                ContextPath::of(&format!("https://jira.example.com{context}").parse().unwrap());
            let cookies = login_cookies(&context_path);
            cookies.map(|(name, path)| format!("{name} {path}")).collect::<Vec<_>>()
        };
        let root = ["JSESSIONID /", "seraph.rememberme.cookie /"];
        let below = ["JSESSIONID /jira", "seraph.rememberme.cookie /jira"];
        assert_eq!(cookies("/jira"), [root, below].concat());
        assert_eq!(cookies(""), root);
    }
}
