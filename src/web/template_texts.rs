//! The function `t` of templates, which says a text of the message catalogue. Must not know the texts.

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, HtmlEscape};

use super::catalogue::Catalogue;

/// Marks where markup goes until the text around it is escaped. Both are private-use characters, and
/// what people wrote loses them first.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

/// Gives templates `t("name", argument=value)`. An argument that is markup, such as a link that the
/// template has made, stays markup; everything else is escaped. A text that the catalogue does not have is
/// an error, so that no page shows a name.
pub(crate) fn add(templates: &mut Environment<'static>, catalogue: &Arc<Catalogue>) {
    let catalogue = Arc::clone(catalogue);
    let text = move |name: &str, values: Kwargs| -> Result<Value, Error> {
        let (arguments, markup) = arguments(&values)?;
        let text = catalogue.say(name, &arguments);
        let text =
            text.map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))?;
        Ok(if markup.is_empty() { Value::from(text) } else { with_markup(&text, &markup) })
    };
    templates.add_function("t", text);
}

/// The arguments as the catalogue takes them, with a mark in the place of each that is markup.
fn arguments(values: &Kwargs) -> Result<(FluentArgs<'static>, Vec<String>), Error> {
    let mut arguments = FluentArgs::new();
    let mut markup = Vec::new();
    for name in values.args() {
        let value: Value = values.peek(name)?;
        let argument = if value.is_safe() {
            markup.push(value.to_string());
            format!("{OPEN}{}{CLOSE}", markup.len() - 1).into()
        } else {
            argument(&value)
        };
        arguments.set(name.to_owned(), argument);
    }
    Ok((arguments, markup))
}

/// Numbers choose the plural, so they stay numbers.
fn argument(value: &Value) -> FluentValue<'static> {
    match i64::try_from(value.clone()) {
        Ok(number) if value.is_number() => number.into(),
        _ => value.to_string().replace([OPEN, CLOSE], "").into(),
    }
}

fn with_markup(text: &str, markup: &[String]) -> Value {
    let mut pieces = text.split(OPEN);
    let mut html = pieces.next().map(escaped).unwrap_or_default();
    for piece in pieces {
        let (index, rest) = piece.split_once(CLOSE).unwrap_or(("", piece));
        let known = index.parse().ok().and_then(|index: usize| markup.get(index));
        html.push_str(known.map_or("", String::as_str));
        html.push_str(&escaped(rest));
    }
    Value::from_safe_string(html)
}

fn escaped(text: &str) -> String {
    HtmlEscape(text).to_string()
}

#[cfg(test)]
mod tests {
    use minijinja::context;
    use rstest::rstest;

    use super::*;

    fn rendered(template: &str) -> Result<String, Error> {
        let mut templates = Environment::new();
        add(&mut templates, &Arc::new(Catalogue::english().unwrap()));
        templates.add_template_owned("page.html", template.to_owned())?;
        let page = templates.get_template("page.html")?;
        page.render(
            context! { name => "<IT>", link => Value::from_safe_string("<a>IT</a>".into()) },
        )
    }

    #[rstest]
    #[case::plain("{{ t('not-found') }}", "There is no such page")]
    #[case::attribute("{{ t('not-found.text') }}", "The address leads nowhere.")]
    #[case::escaped(
        "{{ t('portal-gone.text', portal=name) }}",
        "“&lt;IT&gt;” has been closed or moved."
    )]
    #[case::markup(
        "{{ t('portal-gone.text', portal=link) }}",
        "“<a>IT</a>” has been closed or moved."
    )]
    fn a_template_says_a_text(#[case] template: &str, #[case] expected: &str) {
        assert_eq!(rendered(template).unwrap(), expected);
    }

    #[rstest]
    #[case("{{ t('no-such-text') }}")]
    #[case("{{ t('portal-gone.text') }}")]
    #[case("{{ t('portal-gone.no-attribute', portal=name) }}")]
    fn what_the_catalogue_cannot_say_is_an_error(#[case] template: &str) {
        assert!(rendered(template).is_err());
    }
}
