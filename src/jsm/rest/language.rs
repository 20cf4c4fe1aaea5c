//! The language that JSM is asked to answer in.

use smol_str::SmolStr;

use crate::domain::Language;

/// The value of `requestLanguage`, such as `de-DE`: names and messages come in that language where the
/// site has it, and in the site's own else.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct RequestLanguage(SmolStr);

impl RequestLanguage {
    /// A language by its tag (RFC 5646): letters, then perhaps more after hyphens.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let is_part = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let valid = tag.len() <= 35 && tag.split('-').all(is_part);
        valid.then(|| Self(tag.into()))
    }

    /// The language of the gate's own pages, with the country that JSM's translations are made for.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self(SmolStr::new_static(match language {
            Language::En => "en-US",
            Language::De => "de-DE",
            Language::Fr => "fr-FR",
            Language::Es => "es-ES",
            Language::Ja => "ja-JP",
        }))
    }

    /// Its tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a parameter of a call.
    pub(in crate::jsm) fn parameter(&self) -> (&'static str, String) {
        ("requestLanguage", self.0.to_string())
    }
}
