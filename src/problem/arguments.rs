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
            Self::TypeUnavailable { name } => vec![("name", name.into())],
            Self::PortalGone { portal }
            | Self::PortalWithoutId { portal }
            | Self::StepUpNeeded { portal }
            | Self::StepUpFailed { portal } => vec![("portal", portal.into())],
            Self::Refused { portal, cause, .. } | Self::AccessUnknown { portal, cause, .. } => {
                vec![("portal", portal.into()), ("cause", (*cause).into())]
            }
            Self::SamlRequestOld { name } => vec![("name", name.into())],
            Self::NotVouched { name, cause, .. } => {
                vec![("name", name.into()), ("cause", (*cause).into())]
            }
            Self::CustomerMissing { who, .. }
            | Self::CustomerStaff { who, .. }
            | Self::JiraDenied { who, .. } => vec![("who", who.into())],
            Self::CustomerUnclear { who, cause, .. } => of_person(who, ("cause", cause)),
            Self::CustomerNotListed { portal, who, .. } => of_person(who, ("portal", portal)),
            Self::OtherProvider { portal, login } => {
                vec![("portal", portal.into()), ("provider", (&login.provider).into())]
            }
            Self::ProviderUnreachable { provider } => vec![("provider", provider.into())],
            Self::LoginLoop { cause }
            | Self::LoginExpired { cause }
            | Self::CallbackInvalid { cause }
            | Self::IssuerMismatch { cause } => vec![("cause", (*cause).into())],
            Self::ProviderRefused { answer }
            | Self::LoginCancelled { answer }
            | Self::ProviderBusy { answer } => vec![("answer", answer.into())],
            Self::EmailUnverified { email } | Self::EmailInvalid { email } => {
                vec![("email", email.into())]
            }
            Self::EmailDomainElsewhere { email, login } => {
                vec![("email", email.into()), ("provider", (&login.provider).into())]
            }
            _ => Vec::new(),
        }
    }
}

/// Whom it is about, and one thing more.
fn of_person<'a>(
    who: &'a str,
    (name, more): (&'static str, &'a str),
) -> Vec<(&'static str, Argument<'a>)> {
    vec![("who", who.into()), (name, more.into())]
}
