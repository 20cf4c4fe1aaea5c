//! The message catalogue: every text that people are shown, by name (Project Fluent). The texts are
//! files in `texts/`, one a language, and part of the binary.

#[cfg(test)]
mod complete;
mod outline;

use std::fmt;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::numbers;
use crate::domain::Language;
use crate::problem::{Argument, Problem};

/// The texts of each language.
const fn texts(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("texts/en.ftl"),
        Language::De => include_str!("texts/de.ftl"),
        Language::Fr => include_str!("texts/fr.ftl"),
        Language::Es => include_str!("texts/es.ftl"),
        Language::Ja => include_str!("texts/ja.ftl"),
    }
}

/// The texts of one language.
pub struct Catalogue {
    built_in: FluentBundle<FluentResource>,
    /// The same with texts of the site's own in place of some.
    own: Option<FluentBundle<FluentResource>>,
}

/// What a page says about a problem.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProblemText {
    /// The heading.
    pub title: String,
    /// What happened, in one or two plain sentences.
    pub text: String,
    /// What to do now.
    pub remedy: String,
}

/// The texts are malformed.
#[derive(Debug, thiserror::Error)]
#[error("the message catalogue is malformed: {0}")]
pub struct CatalogueError(String);

/// Why texts cannot take the place of built-in ones.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum UnfitTexts {
    /// Not Fluent.
    #[error("is malformed at line {line}")]
    Malformed {
        /// Counted from one.
        line: usize,
    },
    /// Nothing asks for such a text.
    #[error("has the text {name}, which no page asks for")]
    Unknown {
        /// Its name.
        name: String,
    },
    /// Nothing gives the text such an argument.
    #[error("has the text {name} with ${argument}, which it is not given")]
    UnknownArgument {
        /// The text.
        name: String,
        /// The argument.
        argument: String,
    },
}

/// The catalogue cannot say what it is asked for.
#[derive(Debug, thiserror::Error)]
#[error("the message catalogue has no text {0:?} for these arguments")]
pub struct MissingText(String);

impl Catalogue {
    /// Reads the English texts, of which none is missing.
    ///
    /// # Errors
    /// When they are malformed.
    pub fn english() -> Result<Self, CatalogueError> {
        Self::of(Language::En)
    }

    /// Reads the texts of a language. One that is missing is said in English.
    ///
    /// # Errors
    /// When they are malformed.
    pub fn of(language: Language) -> Result<Self, CatalogueError> {
        Self::with(language, None)
    }

    /// The same, with texts of the site's own in place of some.
    ///
    /// # Errors
    /// When either are malformed.
    pub fn with(language: Language, own: Option<&str>) -> Result<Self, CatalogueError> {
        let built_in = [texts(Language::En), texts(language)];
        let with_own = |own| bundle(language, built_in.into_iter().chain([own]));
        Ok(Self { built_in: bundle(language, built_in)?, own: own.map(with_own).transpose()? })
    }

    /// Checks texts that are to take the place of built-in ones: each has to be one that is asked for, with
    /// arguments that it is given.
    ///
    /// # Errors
    /// The first text that does not fit.
    pub fn check(own: &str) -> Result<(), UnfitTexts> {
        let own = FluentResource::try_new(own.to_owned()).map_err(|(_, errors)| {
            let at = errors.first().map_or(0, |error| error.pos.start);
            UnfitTexts::Malformed { line: own.get(..at).unwrap_or_default().lines().count().max(1) }
        })?;
        let english = FluentResource::try_new(texts(Language::En).to_owned());
        let english = outline::of(&english.unwrap_or_else(|(read, _)| read));
        for (name, arguments) in outline::of(&own) {
            if name.starts_with('-') {
                continue;
            }
            let Some(given) = english.get(&name) else { return Err(UnfitTexts::Unknown { name }) };
            if let Some(argument) = arguments.difference(given).next().cloned() {
                return Err(UnfitTexts::UnknownArgument { name, argument });
            }
        }
        Ok(())
    }

    /// Whether there is a text of this name, or with this attribute: `name` or `name.attribute`.
    #[must_use]
    pub fn has_text(name: &str) -> bool {
        let english = FluentResource::try_new(texts(Language::En).to_owned());
        outline::of(&english.unwrap_or_else(|(read, _)| read)).contains_key(name)
    }

    /// The texts of a problem. One that is missing is replaced by the problem's code.
    #[must_use]
    pub fn problem(&self, problem: &Problem) -> ProblemText {
        let code = problem.code().as_str();
        let arguments = problem.arguments().into_iter();
        let arguments: FluentArgs<'_> =
            arguments.map(|(name, argument)| (name, self.argument(argument))).collect();
        let text = |attribute| {
            self.text(code, attribute, &arguments).unwrap_or_else(|| {
                tracing::error!(code, attribute, "the message catalogue lacks a text");
                code.to_owned()
            })
        };
        ProblemText { title: text(None), text: text(Some("text")), remedy: text(Some("remedy")) }
    }

    fn argument<'a>(&self, argument: Argument<'a>) -> FluentValue<'a> {
        match argument {
            Argument::Text(text) => text.into(),
            Argument::Number(number) => number.into(),
            Argument::Bytes(bytes) => self.size(bytes).into(),
        }
    }

    /// So many bytes, in the unit that people would use.
    #[must_use]
    pub fn size(&self, bytes: u64) -> String {
        let (unit, in_unit) = match bytes {
            0..1_000 => ("bytes", 1),
            1_000..1_000_000 => ("kilo", 1_000),
            _ => ("mega", 1_000_000),
        };
        let tenths = bytes.saturating_mul(10).div_ceil(in_unit);
        let mut arguments = FluentArgs::new();
        arguments.set("unit", unit);
        // Far below the numbers that a float cannot hold exactly.
        #[expect(clippy::cast_precision_loss, reason = "a size in tenths of a unit is small")]
        arguments.set("number", tenths as f64 / 10.0);
        self.say_or_name("size", &arguments)
    }

    /// A text that needs no arguments.
    #[must_use]
    pub fn plain(&self, name: &'static str) -> String {
        self.say_or_name(name, &FluentArgs::new())
    }

    /// The text with this name. The tests hold the catalogue to what is asked of it; where it lacks a
    /// text all the same, its name is shown and the log says so.
    #[must_use]
    pub fn say_or_name(&self, name: &str, arguments: &FluentArgs<'_>) -> String {
        self.say(name, arguments).unwrap_or_else(|error| {
            tracing::error!(%error, "a page lacks a text");
            name.to_owned()
        })
    }

    /// The text with this name, or the attribute of one: `name` or `name.attribute`.
    ///
    /// # Errors
    /// When the catalogue has no such text, or the text names an argument that is not given.
    pub fn say(&self, name: &str, arguments: &FluentArgs<'_>) -> Result<String, MissingText> {
        let (name, attribute) = match name.split_once('.') {
            Some((name, attribute)) => (name, Some(attribute)),
            None => (name, None),
        };
        let missing = || MissingText(name.to_owned());
        self.text(name, attribute, arguments).ok_or_else(missing)
    }

    /// A text; `None` when the catalogue has no such text, or the text names an unknown argument.
    fn text(
        &self,
        name: &str,
        attribute: Option<&str>,
        arguments: &FluentArgs<'_>,
    ) -> Option<String> {
        let own = self.own.as_ref().and_then(|own| said(own, name, attribute, arguments));
        own.or_else(|| said(&self.built_in, name, attribute, arguments))
    }
}

fn said(
    bundle: &FluentBundle<FluentResource>,
    name: &str,
    attribute: Option<&str>,
    arguments: &FluentArgs<'_>,
) -> Option<String> {
    let message = bundle.get_message(name)?;
    let pattern = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(arguments), &mut errors);
    errors.is_empty().then(|| text.into_owned())
}

/// The texts of several files in one language: those of a later file take the place of earlier ones.
fn bundle<'a>(
    language: Language,
    files: impl IntoIterator<Item = &'a str>,
) -> Result<FluentBundle<FluentResource>, CatalogueError> {
    let tag = language.tag().parse();
    let tag = tag.map_err(|error| CatalogueError(format!("{error:?}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolating marks around names would end up in titles, JSON and searches for a text.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(numbers::formatter(language)));
    for texts in files {
        bundle.add_resource_overriding(resource(texts)?);
    }
    Ok(bundle)
}

fn resource(texts: &str) -> Result<FluentResource, CatalogueError> {
    FluentResource::try_new(texts.to_owned())
        .map_err(|(_, errors)| CatalogueError(format!("{errors:?}")))
}

impl fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalogue")
            .field("languages", &self.built_in.locales)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
