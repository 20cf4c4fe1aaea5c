//! What was expected and what was probably meant, in words.

use serde_json::Value;
use toml::de::DeValue;

use super::{texts, type_of};

/// Planned, but not in this version: better than calling them unknown.
const LATER: [&str; 2] = ["admin", "session.store"];

const NOT_YET: &str = "is not available yet in this version";

/// What to say of a key that the schema does not have.
#[derive(Default)]
pub(super) struct Hint {
    pub(super) what: &'static str,
    pub(super) expected: String,
    pub(super) remedy: Option<String>,
    /// Keys of the same section that were probably meant.
    pub(super) meant: Vec<String>,
    /// Whether its value is better not shown: an unknown key may be a misspelt secret.
    pub(super) may_be_secret: bool,
}

pub(super) fn unknown_key(path: &str, name: &str, schema: &Value, root: &Value) -> Hint {
    let known = keys(schema);
    let what = "is unknown";
    if LATER.contains(&path) {
        return Hint { what: NOT_YET, expected: "leave it out".to_owned(), ..Hint::default() };
    }
    if let Some(places) = places_of_secret(name, &known) {
        let remedy = Some(format!("use one of {}", places.join(", ")));
        let expected = "a secret is never written into this file".to_owned();
        let meant = places.to_vec();
        return Hint { what: "is a secret", expected, remedy, meant, may_be_secret: true };
    }
    let expected = "there is no such key here".to_owned();
    if let Some(near) = nearest_key(name, known.iter().copied()) {
        let remedy = Some(format!("did you mean `{near}`?"));
        let meant = vec![near.to_owned()];
        return Hint { what, expected, remedy, meant, may_be_secret: false };
    }
    if let Some(near) = nearest_below(name, schema) {
        let remedy = Some(format!("did you mean `{near}`?"));
        let meant = near.split('.').next().map(str::to_owned).into_iter().collect();
        return Hint { what, expected, remedy, meant, may_be_secret: false };
    }
    if let Some(begun) = begun_key(name, &known) {
        // `email_password` begins like `email`, too, so the value stays hidden.
        let remedy = Some(format!("did you mean `{begun}`?"));
        return Hint { what, expected, remedy, meant: Vec::new(), may_be_secret: true };
    }
    // A table within a section has keys of its own, which are in no other section.
    let is_within_a_table = path.matches('.').count() > 1;
    let (expected, remedy) = match section_of(name, root).filter(|_| !is_within_a_table) {
        Some(section) => (expected, Some(format!("it belongs in {section}"))),
        None => (format!("known here: {}", known.join(", ")), None),
    };
    Hint { what, expected, remedy, meant: Vec::new(), may_be_secret: true }
}

/// The three keys that say where a secret is, for the name of the secret itself.
fn places_of_secret(name: &str, known: &[&str]) -> Option<[String; 3]> {
    let name = plain(name);
    let three = ["file", "env", "credential"].map(|place| format!("{name}_{place}"));
    three.iter().all(|place| known.contains(&place.as_str())).then_some(three)
}

/// The section that does have the key, or one that is spelled almost so, or a part of one.
fn section_of(name: &str, root: &Value) -> Option<String> {
    let sections: Vec<_> = root.get("properties")?.as_object()?.iter().collect();
    let table = |schema| Value::get(schema, "items").unwrap_or(schema);
    let called = |section: &str, schema: &Value| {
        if schema.get("items").is_some() {
            format!("[[{section}]]")
        } else {
            format!("[{section}]")
        }
    };
    let exact = sections.iter().find(|(_, schema)| values_of(table(schema)).contains(&name));
    if let Some((section, schema)) = exact {
        return Some(called(section, schema));
    }
    let near = sections.iter().find_map(|(section, schema)| {
        let key = nearest_key(name, values_of(table(schema)))?.to_owned();
        Some(format!("{} as `{key}`", called(section, schema)))
    });
    near.or_else(|| {
        sections.iter().find_map(|(section, schema)| {
            let key = nearest_below(name, table(schema))?;
            Some(format!("{} as `{key}`", called(section, schema)))
        })
    })
}

/// The key that was probably meant, whatever its case and its hyphens.
fn nearest_key<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(&plain(name), known)
}

/// The longest key that the name begins with: `idle_timeout` is `idle`.
fn begun_key<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = plain(name);
    let begins = |key: &&&str| name.strip_prefix(**key).is_some_and(|rest| rest.starts_with('_'));
    known.iter().filter(begins).max_by_key(|key| key.len()).copied()
}

/// The same in a table below, whose own name may stand before the key: `allowed_groups` is
/// `allow.groups`.
fn nearest_below(name: &str, schema: &Value) -> Option<String> {
    let tables = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let below = tables.flat_map(|(table, schema)| {
        keys(schema)
            .into_iter()
            .map(move |key| (format!("{table}_{key}"), format!("{table}.{key}")))
    });
    let below: Vec<_> = below.collect();
    let near = nearest(&plain(name), below.iter().map(|(spelled, _)| spelled.as_str()))?;
    below.iter().find(|(spelled, _)| spelled == near).map(|(_, meant)| meant.clone())
}

fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('-', "_")
}

/// The keys of a table.
pub(super) fn keys(schema: &Value) -> Vec<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
}

/// The same without sections that may be repeated: nobody writes one of these as a key.
fn values_of(schema: &Value) -> Vec<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let is_value = |schema: &Value| schema.pointer("/items/properties").is_none();
    let values = properties.into_iter().flatten().filter(|(_, schema)| is_value(schema));
    values.map(|(name, _)| name.as_str()).collect()
}

/// The words that a text may be; none for a free text.
pub(super) fn words(schema: &Value) -> Vec<&str> {
    let described = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let described = described.flat_map(|one| {
        one.get("const").and_then(Value::as_str).into_iter().chain(texts(one.get("enum")))
    });
    texts(schema.get("enum")).chain(described).collect()
}

/// The one that was probably meant: few letters away, measured by the word's length.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(word, candidate);
    let limit = (word.chars().count() / 3).max(1);
    let near = known.into_iter().filter(|candidate| distance(candidate) <= limit);
    near.min_by_key(|candidate| distance(candidate))
}

/// What the schema takes.
pub(super) fn expected(schema: &Value) -> String {
    let limit = |name| schema.get(name).and_then(Value::as_u64);
    let words = words(schema);
    match (type_of(schema), limit("minimum"), limit("maximum")) {
        ("integer", Some(minimum), Some(maximum)) => {
            format!("expected a whole number from {minimum} to {maximum}")
        }
        ("integer", minimum, _) => {
            format!("expected a whole number, at least {}", minimum.unwrap_or_default())
        }
        ("boolean", ..) => "expected true or false".to_owned(),
        ("array", ..) if schema.pointer("/items/properties").is_some() => {
            "expected double brackets, [[…]]: the section may be repeated".to_owned()
        }
        ("array", ..) => "expected a list such as [\"…\", \"…\"]".to_owned(),
        ("object", ..) => "expected a section".to_owned(),
        _ if words.is_empty() => match schema.get("default").and_then(Value::as_str) {
            Some(text) if !text.is_empty() => {
                format!("expected a text in quotes such as \"{text}\"")
            }
            _ => "expected a text in quotes".to_owned(),
        },
        _ => format!("expected one of {}", words.join(", ")),
    }
}

/// What the file has instead.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}
