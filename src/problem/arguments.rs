//! What a problem hands to its texts, by name. It must not know the texts.

use std::borrow::Cow;

use bytesize::ByteSize;

use super::Problem;

impl Problem {
    /// What the texts say by name.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, Cow<'_, str>)> {
        match self {
            Self::BadRequest { reason } => vec![("reason", Cow::from(&**reason))],
            Self::BodyTooLarge { limit } | Self::TextTooLong { limit } => {
                vec![("limit", ByteSize(*limit).to_string().into())]
            }
            Self::WrongHost { public_url } => vec![("public_url", public_url.into())],
            Self::IdentityTooLarge { bytes, limit } => {
                vec![("bytes", bytes.to_string().into()), ("limit", limit.to_string().into())]
            }
            Self::TypeUnavailable { name } => vec![("name", name.into())],
            Self::PortalGone { portal }
            | Self::PortalWithoutId { portal }
            | Self::StepUpNeeded { portal }
            | Self::StepUpFailed { portal } => vec![("portal", portal.into())],
            Self::Refused { portal, cause, .. } | Self::AccessUnknown { portal, cause, .. } => {
                vec![("portal", portal.into()), ("cause", Cow::from(*cause))]
            }
            Self::CustomerMissing { who, .. } => vec![("who", who.into())],
            Self::CustomerUnclear { who, cause, .. } => of_person(who, ("cause", cause)),
            Self::CustomerNotListed { portal, who, .. } => of_person(who, ("portal", portal)),
            Self::OtherProvider { portal, login } => {
                vec![("portal", portal.into()), ("provider", (&login.provider).into())]
            }
            Self::ProviderUnreachable { provider } => vec![("provider", provider.into())],
            Self::LoginLoop { cause }
            | Self::LoginExpired { cause }
            | Self::CallbackInvalid { cause }
            | Self::IssuerMismatch { cause } => vec![("cause", Cow::from(*cause))],
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
) -> Vec<(&'static str, Cow<'a, str>)> {
    vec![("who", who.into()), (name, more.into())]
}
