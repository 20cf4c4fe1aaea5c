//! The provider's answer as it arrives in the callback's query. Knows its form only, not whether it
//! is true.

use std::borrow::Cow;

use url::form_urlencoded;

use super::error::{LoginError, shown};

/// The parameters of RFC 6749 section 4.1.2 and RFC 9207, each at most once (threats.md D14).
#[derive(Debug)]
pub(super) struct Callback {
    pub(super) state: String,
    pub(super) issuer: Option<String>,
    pub(super) outcome: Outcome,
}

/// What the provider has to say.
#[derive(Debug)]
pub(super) enum Outcome {
    Code(String),
    Refused { error: String, description: Option<String> },
}

impl Callback {
    /// Reads the query of a callback. Parameters it does not know are passed over, as RFC 6749
    /// section 4.1.2 asks.
    pub(super) fn parse(query: Option<&str>) -> Result<Self, LoginError> {
        let query = query.unwrap_or_default().as_bytes();
        let parameters = Parameters(form_urlencoded::parse(query).collect());
        let state = parameters.once("state")?.ok_or(LoginError::InvalidCallback("no state"))?;
        let code = parameters.once("code")?;
        let description = parameters.once("error_description")?;
        let outcome = match (parameters.once("error")?, code) {
            (Some(error), _) => Outcome::Refused {
                error: shown(&error),
                description: description.as_deref().map(shown),
            },
            (None, Some(code)) => Outcome::Code(code),
            (None, None) => return Err(LoginError::InvalidCallback("neither code nor error")),
        };
        Ok(Self { state, issuer: parameters.once("iss")?, outcome })
    }
}

struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Parameters<'_> {
    fn once(&self, name: &str) -> Result<Option<String>, LoginError> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next().map(ToString::to_string);
        match values.next() {
            None => Ok(first.filter(|value| !value.is_empty())),
            Some(_) => Err(LoginError::InvalidCallback("a parameter is given twice")),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(None)]
    #[case::no_state(Some("code=x"))]
    #[case::empty_state(Some("code=x&state="))]
    #[case::no_code(Some("state=x"))]
    #[case::two_states(Some("code=x&state=a&state=b"))]
    #[case::two_equal_states(Some("code=x&state=a&state=a"))]
    #[case::two_codes(Some("code=x&code=y&state=a"))]
    #[case::two_codes_one_encoded(Some("code=x&c%6fde=y&state=a"))]
    #[case::two_issuers(Some("code=x&state=a&iss=b&iss=c"))]
    #[case::two_errors(Some("error=x&error=y&state=a"))]
    fn d14_a_callback_says_each_thing_once(#[case] query: Option<&str>) {
        assert_eq!(Callback::parse(query).unwrap_err().code(), "callback-invalid");
    }

    #[test]
    fn g11_the_providers_words_are_short_and_on_one_line() {
        let query = format!("state=a&error=no%0d%0aX&error_description=%1b[31m{}", "y".repeat(999));
        let Outcome::Refused { error, description } =
            Callback::parse(Some(&query)).unwrap().outcome
        else {
            panic!("refused");
        };
        assert_eq!(error, "noX");
        assert_eq!(description.unwrap(), format!("[31m{}", "y".repeat(196)));
    }
}
