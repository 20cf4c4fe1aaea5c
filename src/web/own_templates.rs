//! What can be told of a template that is to take the place of a built-in one before a page is made of it. Must not
//! know which page that is.

use minijinja::Environment;

use super::catalogue::Catalogue;
use super::templates::is_template;

/// The tags of templates that name another one.
const NAMING: [&str; 4] = ["extends", "from", "import", "include"];

/// Why a template cannot take the place of a built-in one.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
pub enum UnfitTemplate {
    /// It is not one, in the words of the template engine.
    #[error("is malformed: {0}")]
    Malformed(String),
    /// No language has a text of this name.
    #[error("asks for the text {0}, which there is not")]
    UnknownText(String),
    /// There is no template of this name.
    #[error("names the template {0}, which there is not")]
    UnknownTemplate(String),
}

/// Checks a template.
///
/// # Errors
/// The first thing about it that does not fit.
pub fn check_template(name: &str, source: &str) -> Result<(), UnfitTemplate> {
    let mut templates = Environment::new();
    let added = templates.add_template_owned(name.to_owned(), source.to_owned());
    added.map_err(|error| UnfitTemplate::Malformed(error.to_string()))?;
    if let Some(unknown) = named(source).find(|named| !is_template(named)) {
        return Err(UnfitTemplate::UnknownTemplate(unknown.to_owned()));
    }
    let unknown = texts(source).find(|text| !Catalogue::has_text(text));
    unknown.map_or(Ok(()), |text| Err(UnfitTemplate::UnknownText(text.to_owned())))
}

/// The templates that the tags of one name.
fn named(source: &str) -> impl Iterator<Item = &str> {
    let tags =
        source.split("{%").skip(1).map(|tag| tag.trim_start_matches(['-', '+']).trim_start());
    tags.filter_map(|tag| {
        let rest = NAMING.into_iter().find_map(|word| tag.strip_prefix(word))?;
        Some(literal(rest)?.0)
    })
}

/// The texts that it asks for by their whole names: `t("name")` and `t("name", …)`.
fn texts(source: &str) -> impl Iterator<Item = &str> {
    source.match_indices("t(").filter_map(|(at, call)| {
        let (before, rest) = (source.get(..at)?, source.get(at + call.len()..)?);
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let (name, after) = literal(rest).filter(|_| !before.ends_with(is_part))?;
        after.trim_start().starts_with([',', ')']).then_some(name)
    })
}

/// The quoted text at the beginning, and what comes after it.
fn literal(source: &str) -> Option<(&str, &str)> {
    let source = source.trim_start();
    let quote = source.chars().next().filter(|c| ['"', '\''].contains(c))?;
    source.get(1..)?.split_once(quote)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("<h1>{{ t('home-title') }}</h1>")]
    #[case::attribute("{{ t(\"not-found.text\") }}")]
    #[case::arguments("{{ t(\"portal-gone.text\", portal=name) }}")]
    #[case::built("{{ t(\"requests-state-\" ~ state) }} {{ t(said) }}")]
    #[case::other_calls("{{ start(\"x\") }} {{ a.t(\"x\") }}")]
    #[case::templates("{% extends 'page.html' %}{%- from \"icons.html\" import icon %}")]
    fn a_template_that_fits_is_taken(#[case] source: &str) {
        assert_eq!(check_template("home.html", source), Ok(()));
    }

    #[rstest]
    #[case::text("{{ t('home-titel') }}", UnfitTemplate::UnknownText("home-titel".to_owned()))]
    #[case::attribute("{{ t('home-title.text') }}", UnfitTemplate::UnknownText("home-title.text".to_owned()))]
    #[case::extends("{% extends 'pages.html' %}", UnfitTemplate::UnknownTemplate("pages.html".to_owned()))]
    #[case::import("{%- from \"icon.html\" import icon -%}", UnfitTemplate::UnknownTemplate("icon.html".to_owned()))]
    fn what_would_fail_when_a_page_is_made_is_told_before(
        #[case] source: &str,
        #[case] why: UnfitTemplate,
    ) {
        assert_eq!(check_template("home.html", source), Err(why));
    }
}
