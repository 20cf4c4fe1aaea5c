//! The provider's answer, as it arrives in the callback's query or form. Must not know whether it
//! is true.

use std::borrow::Cow;

use url::form_urlencoded;

use super::error::LoginError;
use super::refusal::Refusal;

/// The parameters of RFC 6749 section 4.1.2 and RFC 9207, each at most once (docs/security.md D14).
#[derive(Debug)]
pub(super) struct Callback {
    pub(super) state: String,
    pub(super) issuer: Option<String>,
    pub(super) outcome: Outcome,
}

/// What the provider answers.
#[derive(Debug)]
pub(super) enum Outcome {
    Code(String),
    Refused(Refusal),
}

impl Callback {
    /// Reads the parameters of a callback. Unknown parameters are ignored, as RFC 6749 section
    /// 4.1.2 asks.
    pub(super) fn parse(query: Option<&str>) -> Result<Self, LoginError> {
        let query = query.unwrap_or_default().as_bytes();
        let parameters = Parameters(form_urlencoded::parse(query).collect());
        let refusal = parameters.refusal()?;
        let invalid =
            |reason| LoginError::InvalidCallback { reason, refusal: refusal.clone().map(Box::new) };
        let state = parameters.once("state")?.ok_or_else(|| invalid("no state"))?;
        let outcome = match (&refusal, parameters.once("code")?) {
            (Some(refusal), _) => Outcome::Refused(refusal.clone()),
            (None, Some(code)) => Outcome::Code(code),
            (None, None) => return Err(invalid("neither code nor error")),
        };
        Ok(Self { state, issuer: parameters.once("iss")?, outcome })
    }

    /// The refusal, if it is one.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        match &self.outcome {
            Outcome::Code(_) => None,
            Outcome::Refused(refusal) => Some(refusal),
        }
    }
}

struct Parameters<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Parameters<'_> {
    fn once(&self, name: &str) -> Result<Option<String>, LoginError> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        let first = values.next().map(ToString::to_string);
        match values.next() {
            None => Ok(first.filter(|value| !value.is_empty())),
            Some(_) => Err(LoginError::InvalidCallback {
                reason: "a parameter is given twice",
                refusal: None,
            }),
        }
    }

    fn refusal(&self) -> Result<Option<Refusal>, LoginError> {
        let (error, description) = (self.once("error")?, self.once("error_description")?);
        // Microsoft's code for somebody who cancels.
        let subcode = self.once("error_subcode")?;
        let refusal =
            |error: String| Refusal::new(&error, description.as_deref(), subcode.as_deref());
        Ok(error.map(refusal))
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
        let callback = Callback::parse(Some(&query)).unwrap();
        let refusal = callback.refusal().unwrap();
        assert_eq!(refusal.error, "noX");
        assert_eq!(refusal.description.clone().unwrap(), format!("[31m{}", "y".repeat(196)));
    }
}
