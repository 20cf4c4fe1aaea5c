//! The languages that the gate's own pages exist in.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language of the gate's own pages.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Japanese.
    Ja,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 5] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Ja];

    /// The tag (RFC 5646), as HTML and the configuration have it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Ja => "ja",
        }
    }

    /// What the language calls itself, so that whoever reads it finds it.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
            Self::Es => "Español",
            Self::Ja => "日本語",
        }
    }

    /// The language with a tag; `None` for every other text.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// One value for each language.
#[derive(Clone, Debug)]
pub struct ByLanguage<T> {
    en: T,
    de: T,
    fr: T,
    es: T,
    ja: T,
}

impl<T> ByLanguage<T> {
    /// Makes the value of each language.
    ///
    /// # Errors
    /// The first that `make` has.
    pub fn try_new<E>(mut make: impl FnMut(Language) -> Result<T, E>) -> Result<Self, E> {
        Ok(Self {
            en: make(Language::En)?,
            de: make(Language::De)?,
            fr: make(Language::Fr)?,
            es: make(Language::Es)?,
            ja: make(Language::Ja)?,
        })
    }

    /// The value of one language.
    #[must_use]
    pub const fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::De => &self.de,
            Language::Fr => &self.fr,
            Language::Es => &self.es,
            Language::Ja => &self.ja,
        }
    }
}
