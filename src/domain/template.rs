//! Texts with placeholders for what is known of a person, such as `{first_name} {last_name}`. Must not
//! know where the text goes, nor what has to be encoded there.

/// A text with placeholders, taken apart once.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Part {
    Text(String),
    Placeholder(String),
}

/// Why a text is no template.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum InvalidTemplate {
    /// It would say nothing.
    #[error("is empty")]
    Empty,
    /// A placeholder does not end.
    #[error("has a {{ without its }}")]
    NotClosed,
    /// A placeholder does not begin.
    #[error("has a }} without its {{")]
    NotOpened,
    /// Nothing of that name is known.
    #[error("has {{{0}}}, which is unknown")]
    Unknown(String),
}

impl Template {
    /// Takes a text apart. What stands between braces has to be one of the names in `known`.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn parse(text: &str, known: &[&str]) -> Result<Self, InvalidTemplate> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or(InvalidTemplate::NotClosed)?;
            if !known.contains(&name) {
                return Err(InvalidTemplate::Unknown(name.to_owned()));
            }
            parts.extend([Part::Text(before.to_owned()), Part::Placeholder(name.to_owned())]);
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| *part != Part::Text(String::new()));
        let template = Self { parts };
        if template.texts().any(|text| text.contains('}')) {
            Err(InvalidTemplate::NotOpened)
        } else if template.parts.is_empty() {
            Err(InvalidTemplate::Empty)
        } else {
            Ok(template)
        }
    }

    /// `{provider}/{subject}`
    pub(super) fn provider_and_subject() -> Self {
        let [provider, subject] =
            ["provider", "subject"].map(|it| Part::Placeholder(it.to_owned()));
        Self { parts: vec![provider, Part::Text("/".to_owned()), subject] }
    }

    /// The names of its placeholders, in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Placeholder(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }

    /// What stands before, between and after its placeholders.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Placeholder(_) => None,
        })
    }

    /// The same with `value` in the place of a placeholder.
    #[must_use]
    pub fn with(&self, placeholder: &str, value: &str) -> Self {
        let fill = |part: &Part| match part {
            Part::Placeholder(name) if name == placeholder => Part::Text(value.to_owned()),
            other => other.clone(),
        };
        Self { parts: self.parts.iter().map(fill).collect() }
    }

    /// What every text that it makes begins with.
    #[must_use]
    pub fn beginning(&self) -> String {
        let texts = self.parts.iter().map_while(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Placeholder(_) => None,
        });
        texts.collect()
    }

    /// The texts that it makes of what `values_of` says about each placeholder: one, several where a
    /// placeholder has several values, none where one has no value.
    #[must_use]
    pub fn fill(&self, values_of: impl Fn(&str) -> Vec<String>) -> Vec<String> {
        let mut filled = vec![String::new()];
        for part in &self.parts {
            let values = match part {
                Part::Text(text) => vec![text.clone()],
                Part::Placeholder(name) => values_of(name),
            };
            let with_each = |before: String| {
                values.iter().map(move |value| format!("{before}{value}")).collect::<Vec<_>>()
            };
            filled = filled.into_iter().flat_map(with_each).collect();
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const KNOWN: [&str; 3] = ["email", "groups", "nothing"];

    fn values_of(name: &str) -> Vec<String> {
        let values: &[&str] = match name {
            "email" => &["ann@example.com"],
            "groups" => &["a", "b"],
            _ => &[],
        };
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[rstest]
    #[case("fixed", &["fixed"])]
    #[case("{email}", &["ann@example.com"])]
    #[case("<{email}>", &["<ann@example.com>"])]
    #[case("{groups}", &["a", "b"])]
    #[case("g/{groups}", &["g/a", "g/b"])]
    #[case("{nothing}", &[])]
    #[case("{email} {nothing}", &[])]
    fn it_has_a_value_for_each_of_a_placeholder(#[case] text: &str, #[case] expected: &[&str]) {
        assert_eq!(Template::parse(text, &KNOWN).unwrap().fill(values_of), expected);
    }

    #[rstest]
    #[case("", InvalidTemplate::Empty)]
    #[case("{email", InvalidTemplate::NotClosed)]
    #[case("email}", InvalidTemplate::NotOpened)]
    #[case("{email}}", InvalidTemplate::NotOpened)]
    #[case("{mail}", InvalidTemplate::Unknown("mail".to_owned()))]
    #[case("{}", InvalidTemplate::Unknown(String::new()))]
    fn what_is_no_template_is_told(#[case] text: &str, #[case] expected: InvalidTemplate) {
        assert_eq!(Template::parse(text, &KNOWN), Err(expected));
    }

    #[test]
    fn its_beginning_is_what_stands_before_the_first_placeholder() {
        let template = Template::parse("a/{groups}/{email}", &KNOWN).unwrap();
        assert_eq!(template.beginning(), "a/");
        assert_eq!(template.with("groups", "b").beginning(), "a/b/");
    }
}
