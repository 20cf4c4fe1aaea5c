//! The fields in which Jira's Seraph finds a login: in any query, and in any form wherever it is posted.
//! It must not know whose request it is, or what else is in it.

use http::Method;

use crate::reading::{Field, MediaType, fields};

/// Longer than any name that Jira takes for a login, even with every letter escaped.
const LONGEST: usize = 64;

/// Whether a query or a form names what Jira's Seraph takes for a login: a user, a password, or a
/// way to log in. Somebody who is logged in at the gate must not become somebody else in Jira.
pub(crate) fn carries_login(form: &[u8]) -> bool {
    has_name_of(form, &["os_username", "os_password", "os_authType"])
}

/// Whether a query or a form has a field of one of these names for any reader.
pub(super) fn has_name_of(form: &[u8], names: &[&str]) -> bool {
    let is_name = |name: &str| names.iter().any(|it| name.trim().eq_ignore_ascii_case(it));
    let is_one = |field: &Field<'_>| match field.name() {
        Ok(name) => is_name(&name),
        Err(_) => is_name(&field.loosest_name()),
    };
    fields(form).any(|field| is_one(&field) || field.behind_semicolons().any(|it| is_one(&it)))
}

/// Looks for such a field in a form, part by part as the form passes.
#[derive(Default)]
pub(crate) struct LoginFieldScan {
    /// The part of the current field's name that has passed.
    name: Vec<u8>,
    in_value: bool,
}

impl LoginFieldScan {
    /// For a request that may bring a form.
    pub(crate) fn of(method: &Method, media_type: Option<&MediaType<'_>>) -> Option<Self> {
        let may_be_form = media_type.is_some_and(MediaType::may_be_form);
        (may_be_form && !method.is_safe()).then(Self::default)
    }

    /// Whether this part completes the name of a field that Jira takes for a login.
    pub(crate) fn has_login(&mut self, part: &[u8], is_last: bool) -> bool {
        for byte in part {
            match byte {
                b'&' | b'=' if !self.in_value && carries_login(&self.name) => return true,
                b'&' => *self = Self::default(),
                b'=' => self.in_value = true,
                _ if self.in_value || self.name.len() >= LONGEST => {}
                _ => self.name.push(*byte),
            }
        }
        is_last && carries_login(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// However it comes in parts.
    #[rstest]
    #[case("summary=x&os_username=admin", true)]
    #[case("os%5Fpassword=x", true)]
    #[case("%6f%73%5f%70%61%73%73%77%6f%72%64=x", true)]
    #[case("a=b=c&OS_AUTHTYPE", true)]
    #[case("&&=&os_username", true)]
    #[case("summary=os_username", false)]
    #[case("summary=a=os_username", false)]
    #[case("my_os_username=x", false)]
    #[case("", false)]
    fn b9_a_login_in_a_form_is_seen(#[case] form: &str, #[case] expected: bool) {
        for size in [1, 3, 7, 1000] {
            let mut passing = LoginFieldScan::default();
            let mut parts = form.as_bytes().chunks(size);
            let seen = parts.any(|part| passing.has_login(part, false));
            assert_eq!(seen || passing.has_login(b"", true), expected, "{form} by {size}");
        }
    }

    #[rstest]
    #[case("os_username=admin", true)]
    #[case("a=b&os_password=x", true)]
    #[case("os_authType=basic", true)]
    #[case("OS_AUTHTYPE=any", true)]
    #[case("os%5Fusername=admin", true)]
    #[case("+os_username=admin", true)]
    #[case("os_username", true)]
    #[case::twice("os%255fusername=admin", true)]
    #[case("os%u005Fusername=admin", false)]
    #[case("x=1;os_password=x", true)]
    #[case("os_username%00=admin", true)]
    #[case("q=os_username%3Dadmin", false)]
    #[case("my_os_username=x", false)]
    #[case("", false)]
    fn logins_in_the_query_are_seen(#[case] query: &str, #[case] carries: bool) {
        assert_eq!(carries_login(query.as_bytes()), carries);
    }
}
