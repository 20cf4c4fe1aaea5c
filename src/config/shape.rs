//! Checks the file against the schema: unknown keys, missing ones and values of the wrong type, all
//! of them at once. It must not know what a text of the right type means.

mod hints;

use std::borrow::Cow;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::field::Span;
use super::report::Report;

/// A longer text is no id, and could be anything.
const LONGEST_NAME: usize = 40;

/// Notes everything about the file's shape that the schema does not allow.
pub(super) fn check(file: &Spanned<DeTable<'_>>, schema: &Value, report: &mut Report) {
    Shape { root: schema, report }.table("", &(0..0), file.get_ref(), schema);
}

struct Shape<'a> {
    root: &'a Value,
    report: &'a mut Report,
}

impl Shape<'_> {
    fn table(&mut self, path: &str, at: &Span, table: &DeTable<'_>, schema: &Value) {
        for (key, value) in table {
            let name: &str = key.get_ref();
            let path = join(path, name);
            let known = schema.pointer("/properties").and_then(|known| known.get(name));
            let free = schema.get("additionalProperties").filter(|free| free.is_object());
            match known.or(free) {
                Some(schema) => self.value(&path, value, schema),
                None => self.unknown_key(&path, key, value, schema),
            }
        }
        for name in texts(schema.get("required")) {
            if !table.contains_key(name) {
                self.missing_key(path, at, name, schema);
            }
        }
    }

    fn value(&mut self, path: &str, node: &Spanned<DeValue<'_>>, schema: &Value) {
        self.report.place(node.span(), path);
        match (node.get_ref(), type_of(schema)) {
            (DeValue::Table(table), kind) if kind == "object" || may_be(schema, "object") => {
                self.table(path, &node.span(), table, schema);
            }
            (DeValue::Array(items), kind) if kind == "array" || may_be(schema, "array") => {
                for (at, item) in items.iter().enumerate() {
                    let schema = schema.get("items").unwrap_or(&Value::Null);
                    let name = name_of(item).map_or_else(|| at.to_string(), str::to_owned);
                    self.value(&format!("{path}[{name}]"), item, schema);
                }
            }
            (DeValue::String(text), "string") => self.word(node.span(), text, schema),
            (DeValue::Integer(number), "integer") => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                self.number(node.span(), number, schema);
            }
            (DeValue::Boolean(_), "boolean") => {}
            (other, _) => {
                let what = format!("is {}", hints::kind(other));
                self.report.mistake(node.span(), what).expected(hints::expected(schema));
            }
        }
    }

    /// A text that has to be one of a few words.
    fn word(&mut self, at: Span, text: &str, schema: &Value) {
        let words = hints::words(schema);
        if words.is_empty() || words.contains(&text) {
            return;
        }
        let expected = hints::expected(schema);
        let mistake = self.report.mistake(at, format!("cannot be {text:?}")).expected(expected);
        if let Some(word) = hints::nearest(text, words) {
            mistake.remedy(format!("did you mean {word:?}?"));
        }
    }

    fn number(&mut self, at: Span, number: Option<i64>, schema: &Value) {
        let limit = |name| schema.get(name).and_then(Value::as_i64);
        let fits = number.is_some_and(|number| {
            limit("minimum").is_none_or(|minimum| minimum <= number)
                && limit("maximum").is_none_or(|maximum| number <= maximum)
        });
        if !fits {
            self.report.mistake(at, "is out of range").expected(hints::expected(schema));
        }
    }

    fn missing_key(&mut self, path: &str, at: &Span, name: &str, schema: &Value) {
        let path = join(path, name);
        let wanted = schema.pointer(&format!("/properties/{name}")).unwrap_or(&Value::Null);
        let about = wanted.get("description").and_then(Value::as_str).unwrap_or_default();
        let remedy = match type_of(wanted) {
            "object" => format!("add the section [{path}]: {about}"),
            "array" => format!("add a section [[{path}]]: {about}"),
            _ => format!("add {name} = …: {about}"),
        };
        self.report.missing(path, at, remedy);
    }

    fn unknown_key(
        &mut self,
        path: &str,
        key: &Spanned<Cow<'_, str>>,
        value: &Spanned<DeValue<'_>>,
        schema: &Value,
    ) {
        let hint = hints::unknown_key(path, key.get_ref(), schema, self.root);
        let section = path.strip_suffix(key.get_ref().as_ref()).unwrap_or_default();
        for name in &hint.meant {
            self.report.meant(format!("{section}{name}"));
        }
        if hint.may_be_secret {
            self.hide(value);
        }
        let mistake = self.report.mistake_of(path, key.span(), hint.what).expected(hint.expected);
        if let Some(remedy) = hint.remedy {
            mistake.remedy(remedy);
        }
    }

    fn hide(&mut self, node: &Spanned<DeValue<'_>>) {
        match node.get_ref() {
            DeValue::Table(table) => table.values().for_each(|value| self.hide(value)),
            DeValue::Array(items) => items.iter().for_each(|item| self.hide(item)),
            _ => self.report.hide(node.span()),
        }
    }
}

/// The key that tells the sections of a list apart: the id of a provider, the project of a portal.
fn name_of<'a>(item: &'a Spanned<DeValue<'_>>) -> Option<&'a str> {
    let table = item.get_ref().as_table()?;
    let name = ["id", "project"].into_iter().find_map(|key| table.get(key)?.get_ref().as_str())?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (name.len() <= LONGEST_NAME && !name.is_empty() && name.chars().all(plain)).then_some(name)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The JSON type; words with a description each have no type of their own.
fn type_of(schema: &Value) -> &str {
    schema.get("type").and_then(Value::as_str).unwrap_or("string")
}

/// Whether something may be a text, and something else as well.
fn may_be(schema: &Value, other: &str) -> bool {
    texts(schema.get("type")).any(|kind| kind == other)
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
