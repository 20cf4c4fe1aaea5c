//! Which request headers are stripped before a request is forwarded: all that the upstream could
//! take for the word of the gate or of a front. It must not know what a request asks for.

use http::{HeaderMap, HeaderName};

/// Beginnings of names that only fronts may use, and of the gate's own names. They count whether
/// they are configured or not: an upstream may still believe one that was configured before.
const PREFIXES: [&str; 4] = ["x-gate-", "x-forwarded-", "x-original-", "x-envoy-"];

/// Names that only fronts may use, and those that change which method or path an upstream sees.
const NAMES: [&str; 11] = [
    "forwarded",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-rewrite-url",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-request-id",
];

/// The set, with the identity headers of the configuration in it.
pub(crate) struct StrippedHeaders {
    names: Vec<String>,
    /// Whether one of the names or prefixes begins with a byte. Most headers of a request are ruled out
    /// by their first letter.
    initials: [bool; 256],
}

impl StrippedHeaders {
    /// The fixed names and the identity headers.
    pub(crate) fn new<'a>(identity: impl Iterator<Item = &'a HeaderName>) -> Self {
        let fixed = NAMES.into_iter().map(str::to_owned);
        let names: Vec<_> = fixed.chain(identity.map(|name| folded(name.as_str()))).collect();
        let mut initials = [false; 256];
        for name in PREFIXES.into_iter().chain(names.iter().map(String::as_str)) {
            let initial = name.bytes().next().and_then(|byte| initials.get_mut(usize::from(byte)));
            if let Some(initial) = initial {
                *initial = true;
            }
        }
        Self { names, initials }
    }

    /// Those of a request's headers that are in the set.
    pub(crate) fn among(&self, headers: &HeaderMap) -> Vec<HeaderName> {
        headers.keys().filter(|name| self.contains(name.as_str())).cloned().collect()
    }

    fn contains(&self, name: &str) -> bool {
        let initial = name.bytes().next().map_or(0, fold);
        if !self.initials.get(usize::from(initial)).is_some_and(|begins| *begins) {
            return false;
        }
        let begins =
            |prefix: &&str| name.get(..prefix.len()).is_some_and(|it| is_alike(it, prefix));
        self.names.iter().any(|stripped| is_alike(name, stripped)) || PREFIXES.iter().any(begins)
    }
}

/// Whether an upstream may take one name for another. CGI and its successors read `X_Gate_User` and
/// `X.Gate~User` as `X-Gate-User`: they replace every character that is no letter or digit by the
/// same one (RFC 3875, 4.1.18; CVE-2025-64484; docs/security.md B1 and B3). `stripped` is folded
/// already, and header names are lower-case.
fn is_alike(name: &str, stripped: &str) -> bool {
    name.len() == stripped.len() && name.bytes().map(fold).eq(stripped.bytes())
}

fn fold(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte } else { b'-' }
}

fn folded(name: &str) -> String {
    name.bytes().map(|byte| char::from(fold(byte))).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("x-gate-user", true)]
    #[case("x_gate_user", true)]
    #[case("x.gate-user", true)]
    #[case("x~gate!user", true)]
    #[case("x-gate-user-2", true)]
    #[case("x_gate.email", true)]
    #[case("x-gateway", false)]
    #[case("remote-user", true)]
    #[case("remote_user", true)]
    #[case("remote-users", false)]
    #[case("_own", true)]
    #[case("-own", true)]
    #[case("!own", true)]
    #[case("owner", false)]
    #[case("x-forwarded-for", true)]
    #[case("x_forwarded_user", true)]
    #[case("forwarded", true)]
    #[case("x-original-url", true)]
    #[case("x-atlassian-token", false)]
    #[case("accept", false)]
    fn b1_names_are_stripped_however_they_are_spelled(#[case] name: &str, #[case] stripped: bool) {
        let ours = ["remote_user", "_own"].map(HeaderName::from_static);
        let set = StrippedHeaders::new(ours.iter());
        assert_eq!(set.contains(name), stripped);
    }
}
