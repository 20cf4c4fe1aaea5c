//! What a problem hands to its texts, by name. It must not know the texts.

use std::borrow::Cow;

use super::Problem;

/// What a text is given. How it is written is for the language.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Argument<'a> {
    /// As it is.
    Text(Cow<'a, str>),
    /// A number.
    Number(u64),
    /// A size.
    Bytes(u64),
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::from(text))
    }
}

impl<'a> From<&'a String> for Argument<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(Cow::from(text))
    }
}

/// A number of things in memory.
impl From<usize> for Argument<'_> {
    fn from(number: usize) -> Self {
        Self::Number(u64::try_from(number).unwrap_or(u64::MAX))
    }
}

impl Problem {
    /// What the texts say by name.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, Argument<'_>)> {
        match self {
            Self::BodyTooLarge { limit } | Self::TextTooLong { limit } => {
                vec![("limit", Argument::Bytes(*limit))]
            }
            Self::WrongHost { public_url } => vec![("public_url", public_url.into())],
            Self::IdentityTooLarge { bytes, limit } => {
                vec![("bytes", (*bytes).into()), ("limit", (*limit).into())]
            }
            Self::TypeUnavailable { name } | Self::SamlRequestOld { name } => one("name", name),
            Self::PortalGone { portal }
            | Self::PortalWithoutId { portal }
            | Self::StepUpNeeded { portal }
            | Self::StepUpFailed { portal } => vec![("portal", portal.into())],
            Self::Refused { portal, cause, .. } | Self::AccessUnknown { portal, cause, .. } => {
                both(("portal", portal), ("cause", cause))
            }
            Self::NotVouched { name, cause, .. } => both(("name", name), ("cause", cause)),
            Self::CustomerMissing { who, .. }
            | Self::CustomerStaff { who, .. }
            | Self::JiraDenied { who, .. } => vec![("who", who.into())],
            Self::CustomerUnclear { who, cause, .. } => both(("who", who), ("cause", cause)),
            Self::CustomerNotListed { portal, who, .. } => both(("who", who), ("portal", portal)),
            Self::OtherProvider { portal, login } => {
                both(("portal", portal), ("provider", &login.provider))
            }
            Self::ProviderUnreachable { provider } => vec![("provider", provider.into())],
            Self::LoginLoop { cause }
            | Self::LoginExpired { cause }
            | Self::CallbackInvalid { cause }
            | Self::IssuerMismatch { cause } => vec![("cause", (*cause).into())],
            Self::ProviderRefused { answer }
            | Self::LoginCancelled { answer }
            | Self::ProviderBusy { answer } => vec![("answer", answer.into())],
            Self::EmailUnverified { email } | Self::EmailInvalid { email } => one("email", email),
            Self::EmailDomainElsewhere { email, login } => {
                both(("email", email), ("provider", &login.provider))
            }
            _ => Vec::new(),
        }
    }
}

fn one<'a>(name: &'static str, value: &'a str) -> Vec<(&'static str, Argument<'a>)> {
    vec![(name, value.into())]
}

type Named<'a> = (&'static str, &'a str);

fn both<'a>(
    (name, value): Named<'a>,
    (other, more): Named<'a>,
) -> Vec<(&'static str, Argument<'a>)> {
    vec![(name, value.into()), (other, more.into())]
}
