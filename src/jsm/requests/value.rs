//! The fields of a request, as JSM's own portal shows them. Hidden ones are not among them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::shapes::time;
use crate::domain::JsmHtml;
use crate::jsm::rest::or_default;

/// A field with what was filled in.
#[derive(Clone, Debug)]
pub struct FieldValue {
    /// Jira's id of the field: `description`, `customfield_10020`.
    pub id: String,
    /// What the portal calls it.
    pub label: String,
    /// What was filled in.
    pub content: FieldContent,
}

/// What was filled into a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FieldContent {
    /// A text with markup, as JSM renders it.
    Html(JsmHtml),
    /// A text.
    Text(String),
    /// A day.
    Day(Date),
    /// A moment.
    Moment(Timestamp),
    /// Several texts, such as chosen options.
    List(Vec<String>),
}

/// One of `requestFieldValues`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawField {
    pub(super) field_id: String,
    #[serde(default, deserialize_with = "or_default")]
    label: String,
    #[serde(default)]
    pub(super) value: Value,
    #[serde(default)]
    rendered_value: Value,
}

impl RawField {
    /// `None` for a field that nothing was filled into, or something that has no words. Data Center
    /// renders fields in another call.
    pub(super) fn into_value(self, rendered: Option<&Map<String, Value>>) -> Option<FieldValue> {
        let elsewhere = || rendered?.get(&self.field_id)?.as_str();
        let html = self.rendered_value.get("html").and_then(Value::as_str).or_else(elsewhere);
        let html = html.filter(|html| !html.trim().is_empty());
        // A field with words only is rendered too, and what it says is in its value.
        let content = match html.filter(|_| self.value.is_string()) {
            Some(html) => FieldContent::Html(JsmHtml::new(html.to_owned())),
            None => content(&self.value)?,
        };
        Some(FieldValue { id: self.field_id, label: self.label, content })
    }
}

fn content(value: &Value) -> Option<FieldContent> {
    match value {
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().filter_map(text).collect();
            (!texts.is_empty()).then_some(FieldContent::List(texts))
        }
        Value::String(_) => text(value).map(dated),
        value => text(value).map(FieldContent::Text),
    }
}

/// A day or a moment where a text is one as Jira writes them: what kind a field is JSM does not tell here.
fn dated(text: String) -> FieldContent {
    let day = || text.parse().ok().filter(|_| text.len() == "2026-11-30".len());
    let moment = time(&text).map(FieldContent::Moment);
    moment.or_else(|| day().map(FieldContent::Day)).unwrap_or(FieldContent::Text(text))
}

/// The words of a value. Of a person that is the name: the email address is nobody else's business.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.trim().is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(members) => {
            let is_person = members.contains_key("displayName");
            let names: &[_] =
                if is_person { &["displayName"] } else { &["value", "name", "label"] };
            let name = names.iter().find_map(|name| members.get(*name)?.as_str())?;
            let child = members.get("child").and_then(text);
            Some(child.map_or_else(|| name.to_owned(), |child| format!("{name} / {child}")))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn plain(text: &str) -> FieldContent {
        FieldContent::Text(text.to_owned())
    }

    fn read(field: Value) -> Option<FieldContent> {
        let field: RawField = serde_json::from_value(field).unwrap();
        field.into_value(None).map(|field| field.content)
    }

    #[rstest]
    #[case::text(json!("a <b>"), Some(plain("a <b>")))]
    #[case::day(json!("2026-11-30"), Some(FieldContent::Day("2026-11-30".parse().unwrap())))]
    #[case::moment(
        json!("2026-12-02T14:30:00.000+0100"),
        Some(FieldContent::Moment("2026-12-02T13:30:00Z".parse().unwrap()))
    )]
    #[case::no_day(json!("2026-99-30"), Some(plain("2026-99-30")))]
    #[case::no_moment(json!("The T-shirt"), Some(plain("The T-shirt")))]
    #[case::number(json!(6.5), Some(plain("6.5")))]
    #[case::option(json!({"id": "1", "value": "Red"}), Some(plain("Red")))]
    #[case::cascading(json!({"value": "Red", "child": {"value": "Dark"}}), Some(plain("Red / Dark")))]
    #[case::priority(json!({"id": "3", "name": "High", "iconUrl": "https://x"}), Some(plain("High")))]
    #[case::list(
        json!([{"value": "A"}, "b", null, {"self": "https://x"}]),
        Some(FieldContent::List(vec!["A".to_owned(), "b".to_owned()]))
    )]
    #[case::nothing(Value::Null, None)]
    #[case::empty(json!(" "), None)]
    #[case::nobody(json!([]), None)]
    #[case::unknown(json!({"self": "https://example.net/rest/api/2/x"}), None)]
    fn a_value_is_shown_by_its_words(#[case] value: Value, #[case] shown: Option<FieldContent>) {
        assert_eq!(read(json!({"fieldId": "x", "label": "X", "value": value})), shown);
    }

    /// A username of Data Center is an email address, too.
    #[test]
    fn a_person_in_a_field_is_a_name() {
        let ann =
            json!({"name": "ann@b.example", "emailAddress": "ann@b.example", "displayName": "Ann"});
        assert_eq!(read(json!({"fieldId": "x", "value": ann})), Some(plain("Ann")));
    }

    #[test]
    fn a_rendered_text_is_html() {
        let field = json!({
            "fieldId": "description", "label": "Why?", "value": "I need a *mouse*",
            "renderedValue": {"html": "<p>I need a <b>mouse</b></p>"},
        });
        let html = JsmHtml::new("<p>I need a <b>mouse</b></p>".to_owned());
        assert_eq!(read(field), Some(FieldContent::Html(html)));
    }
}
