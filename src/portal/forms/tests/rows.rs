//! Every kind of field on Cloud and on Data Center: shown, wrong, right.

use rstest::rstest;

use super::*;

/// A field, what shows it, and what is typed into it.
struct Row {
    /// As Cloud describes it.
    field: Value,
    /// Parts of the page that must be there, in this order.
    shown: Vec<&'static str>,
    /// What is typed wrongly.
    wrong: Vec<(&'static str, &'static str)>,
    /// What the page says about it, and the control that it leads to.
    mistake: (&'static str, &'static str),
    /// What is typed rightly.
    right: Vec<(&'static str, &'static str)>,
    /// What goes to Cloud, and to Data Center where that is different.
    json: (Value, Option<Value>),
}

impl Row {
    /// As Data Center describes it: no defaults, no hidden fields, nothing below choices.
    fn field(&self, deployment: Deployment) -> Value {
        let mut field = self.field.clone();
        if deployment == Deployment::DataCenter {
            let field = field.as_object_mut().unwrap();
            for name in ["visible", "defaultValues", "presetValues"] {
                field.remove(name);
            }
            for value in field.get_mut("validValues").and_then(Value::as_array_mut).unwrap() {
                value.as_object_mut().unwrap().remove("children");
            }
        }
        field
    }

    fn id(&self) -> &str {
        self.field["fieldId"].as_str().unwrap()
    }

    fn is_of_files(&self) -> bool {
        self.id() == "attachment"
    }
}

fn desk(deployment: Deployment) -> Desk {
    let mut desk = Desk::new(deployment);
    if deployment == Deployment::DataCenter {
        desk.cascades = choices_of_createmeta(createmeta().as_array().unwrap());
    }
    desk
}

/// What Jira Data Center tells besides.
fn createmeta() -> Value {
    json!([
        { "fieldId": "customfield_10", "allowedValues": [
            { "id": "1", "value": "Berlin", "children": [
                { "id": "2", "value": "Floor 1" }, { "id": "3", "value": "Floor <2>" },
            ] },
            { "id": "9", "value": "At home" },
        ] },
        { "fieldId": "components", "allowedValues": [{ "id": "7", "name": "Printers" }] },
    ])
}

fn is_shown(row: &Row, deployment: Deployment) {
    let desk = desk(deployment);
    let form = desk.form(&[row.field(deployment)]).unwrap();
    let page = desk.page(&form, &form.prefilled(&Posted::default(), &desk.locale), &[]);
    assert!(!page.contains("class=\"error\""), "{page}");
    let mut rest = page.as_str();
    for part in &row.shown {
        let at = rest.find(part).unwrap_or_else(|| panic!("no {part} in its place:\n{page}"));
        rest = &rest[at + part.len()..];
    }
}

fn is_wrong(row: &Row, deployment: Deployment) {
    let desk = desk(deployment);
    let form = desk.form(&[row.field(deployment)]).unwrap();
    let typed = posted(&row.wrong);
    let mistakes = desk.read(&form, &typed).unwrap_err();
    let page = desk.page(&form, &typed, &mistakes);
    let (words, control) = row.mistake;
    let words = minijinja::HtmlEscape(words);
    let link = format!("<li><a href=\"#{control}\">{words}</a></li>");
    assert!(page.contains(&link), "no {link} in:\n{page}");
    let at_field = format!("<span class=\"vh\">Error: </span>{words}</span></p>");
    assert!(page.contains(&at_field), "no {at_field} in:\n{page}");
    assert_eq!(page.matches("class=\"error\"").count(), 1, "{page}");
    for (_, value) in &row.wrong {
        let value = minijinja::HtmlEscape(value).to_string();
        assert!(page.contains(&value), "{value} is not kept:\n{page}");
    }
}

fn is_right(row: &Row, deployment: Deployment) {
    let mut desk = desk(deployment);
    if row.is_of_files() {
        let file = |id: &str| KeptFile { id: id.to_owned(), name: "a.pdf".to_owned(), size: 1 };
        desk.files = vec![file("temp1"), file("temp2")];
    }
    let form = desk.form(&[row.field(deployment)]).unwrap();
    let answers = desk.read(&form, &posted(&row.right)).unwrap();
    let values = answers.values(&accounts(deployment)).unwrap();
    let (cloud, data_center) = &row.json;
    let expected = match deployment {
        Deployment::Cloud => cloud,
        Deployment::DataCenter => data_center.as_ref().unwrap_or(cloud),
    };
    if form.fields()[0].kind == FieldKind::Participants {
        let participants: Vec<_> = values.participants.iter().map(AccountId::as_str).collect();
        assert_eq!(&json!(participants), expected);
        assert!(values.fields.is_empty());
    } else {
        assert_eq!(Value::Object(values.fields), json!({ row.id(): expected }));
    }
}

/// An optional field that nobody touched is not mentioned to JSM; a required one is asked for.
fn is_left_open(row: &Row, deployment: Deployment) {
    let desk = desk(deployment);
    let mut field = row.field(deployment);
    field["required"] = json!(false);
    let form = desk.form(&[field.clone()]).unwrap();
    let nothing = desk.read(&form, &Posted::default()).unwrap();
    assert_eq!(nothing.values(&accounts(deployment)).unwrap(), RequestValues::default());
    let blank = posted(&row.right.iter().map(|(name, _)| (*name, "")).collect::<Vec<_>>());
    assert_eq!(desk.read(&form, &blank).unwrap(), nothing);
    field["required"] = json!(true);
    let form = desk.form(&[field]).unwrap();
    let mistakes = desk.read(&form, &Posted::default()).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    let first = format!("id=\"{}\"", mistakes[0].control);
    assert!(desk.page(&form, &Posted::default(), &mistakes).contains(&first));
}

macro_rules! rows {
    ($($name:ident: $row:expr;)*) => {$(
        mod $name {
            use super::*;

            #[rstest]
            fn shown(#[values(Deployment::Cloud, Deployment::DataCenter)] deployment: Deployment) {
                is_shown(&$row, deployment);
            }

            #[rstest]
            fn wrong(#[values(Deployment::Cloud, Deployment::DataCenter)] deployment: Deployment) {
                is_wrong(&$row, deployment);
            }

            #[rstest]
            fn right(#[values(Deployment::Cloud, Deployment::DataCenter)] deployment: Deployment) {
                is_right(&$row, deployment);
            }

            #[rstest]
            fn left_open(#[values(Deployment::Cloud, Deployment::DataCenter)] deployment: Deployment) {
                is_left_open(&$row, deployment);
            }
        }
    )*};
}

/// A field that every Jira has.
fn system(id: &str, name: &str, schema: Value, choices: Value) -> Value {
    let mut schema = schema;
    schema["system"] = json!(id);
    let mut field = json!({
        "fieldId": id, "name": name, "description": "", "required": true, "visible": true,
        "defaultValues": [], "presetValues": [], "jiraSchema": schema,
    });
    field["validValues"] = choices;
    field
}

/// A field that an administrator added.
fn custom(name: &str, of: &str, schema: Value, choices: Value) -> Value {
    let mut schema = schema;
    let full = format!("com.atlassian.jira.plugin.system.customfieldtypes:{of}");
    schema["custom"] = json!(if of.contains(':') { of } else { &full });
    schema["customId"] = json!(10);
    let mut field = json!({
        "fieldId": "customfield_10", "name": name, "description": "For you & me", "required": true,
        "visible": true, "defaultValues": [], "presetValues": [], "jiraSchema": schema,
    });
    field["validValues"] = choices;
    field
}

fn choices(labels: &[&str]) -> Value {
    let choice = |(at, label): (usize, &&str)| json!({ "value": (at + 1).to_string(), "label": label, "children": [] });
    labels.iter().enumerate().map(choice).collect()
}

fn two() -> Value {
    choices(&["Light <laptop>", "Desktop"])
}

fn eight() -> Value {
    choices(&["a", "b", "c", "d", "e", "f", "g", "h"])
}

fn cities() -> Value {
    json!([
        { "value": "1", "label": "Berlin", "children": [
            { "value": "2", "label": "Floor 1", "children": [] },
            { "value": "3", "label": "Floor <2>", "children": [] },
        ] },
        { "value": "9", "label": "At home", "children": [] },
    ])
}

fn none() -> Value {
    json!([])
}

fn of(value_type: &str) -> Value {
    json!({ "type": value_type })
}

fn array(items: &str) -> Value {
    json!({ "type": "array", "items": items })
}

/// 270 characters.
macro_rules! long {
    () => {
        concat!(
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        )
    };
}

mod choice;
mod people;
mod text;
mod time;
