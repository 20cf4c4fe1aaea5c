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

rows! {
    summary: Row {
        field: system("summary", "What do you need?", of("string"), none()),
        shown: vec!["<label for=\"summary\"><span dir=\"auto\">What do you need?</span></label>",
            "<input id=\"summary\" name=\"summary\""],
        wrong: vec![("summary", long!())],
        mistake: ("“What do you need?” must be 255 characters or less. You have 270", "summary"),
        right: vec![("summary", "  A \"new\" <laptop>\r\n")],
        json: (json!("A \"new\" <laptop>"), None),
    };
    description: Row {
        field: system("description", "Details", of("string"), none()),
        shown: vec!["<textarea id=\"description\" name=\"description\" rows=\"5\" dir=\"auto\">"],
        wrong: vec![("description", " \r\n ")],
        mistake: ("Enter an answer for “Details”", "description"),
        right: vec![("description", "One\r\n* two\r\n* {html}three\r\n")],
        json: (json!("One\n* two\n* \\{html}three"), None),
    };
    environment: Row {
        field: system("environment", "Environment", of("string"), none()),
        shown: vec!["<textarea id=\"environment\""],
        wrong: vec![("environment", "")],
        mistake: ("Enter an answer for “Environment”", "environment"),
        right: vec![("environment", "Debian")],
        json: (json!("Debian"), None),
    };
    text_area: Row {
        field: custom("Why?", "textarea", of("string"), none()),
        shown: vec!["<div class=\"hint\" id=\"customfield_10-hint\">", "For you &amp; me",
            "<textarea id=\"customfield_10\"", "aria-describedby=\"customfield_10-hint\""],
        wrong: vec![("customfield_10", "")],
        mistake: ("Enter an answer for “Why?”", "customfield_10"),
        right: vec![("customfield_10", "Because")],
        json: (json!("Because"), None),
    };
    text: Row {
        field: custom("Room", "textfield", of("string"), none()),
        shown: vec!["<input id=\"customfield_10\""],
        wrong: vec![("customfield_10", long!())],
        mistake: ("“Room” must be 255 characters or less. You have 270", "customfield_10"),
        right: vec![("customfield_10", "2.14")],
        json: (json!("2.14"), None),
    };
    number: Row {
        field: custom("Cost", "float", of("number"), none()),
        shown: vec!["<input id=\"customfield_10\"", "class=\"w9\" inputmode=\"decimal\""],
        wrong: vec![("customfield_10", "about 1500")],
        mistake: ("“Cost” must be a number, for example 1500 or 1499.90", "customfield_10"),
        right: vec![("customfield_10", "1,499.90")],
        json: (json!(1499.9), None),
    };
    whole_number: Row {
        field: custom("Seats", "float", of("number"), none()),
        shown: vec!["<input id=\"customfield_10\""],
        wrong: vec![("customfield_10", "100000000000001")],
        mistake: ("“Seats” must be a number between -100 trillion and 100 trillion", "customfield_10"),
        right: vec![("customfield_10", "666")],
        json: (json!(666), None),
    };
    date: Row {
        field: custom("Needed by", "datepicker", of("date"), none()),
        shown: vec!["<fieldset class=\"field\" aria-describedby=\"customfield_10-hint\">",
            "<legend><span dir=\"auto\">Needed by</span></legend>", "For example, 30 11 2026",
            "<div class=\"w2\">", "<label for=\"customfield_10\">Day</label>",
            "id=\"customfield_10\" name=\"customfield_10-day\" inputmode=\"numeric\"",
            "id=\"customfield_10-month\" name=\"customfield_10-month\"",
            "<div class=\"w4\">", "id=\"customfield_10-year\" name=\"customfield_10-year\""],
        wrong: vec![("customfield_10-day", "31"), ("customfield_10-month", "11"),
            ("customfield_10-year", "2026")],
        mistake: ("“Needed by” must be a real date. November has 30 days", "customfield_10"),
        right: vec![("customfield_10-day", " 30."), ("customfield_10-month", "Nov"),
            ("customfield_10-year", "2026")],
        json: (json!("2026-11-30"), None),
    };
    due_date: Row {
        field: system("duedate", "Due date", of("date"), none()),
        shown: vec!["id=\"duedate\" name=\"duedate-day\""],
        wrong: vec![("duedate-day", "30"), ("duedate-month", "11"), ("duedate-year", "")],
        mistake: ("“Due date” must include a year", "duedate-year"),
        right: vec![("duedate-day", "1"), ("duedate-month", "2"), ("duedate-year", "2027")],
        json: (json!("2027-02-01"), None),
    };
    date_time: Row {
        field: custom("Delivery", "datetime", of("datetime"), none()),
        shown: vec!["Berlin time, for example 2 12 2026 at 14:30",
            "<label for=\"customfield_10-time\">Time</label>", "inputmode=\"text\""],
        wrong: vec![("customfield_10-day", "2"), ("customfield_10-month", "12"),
            ("customfield_10-year", "2026"), ("customfield_10-time", "25:00")],
        mistake: ("“Delivery” must have a real time, for example 14:30", "customfield_10-time"),
        right: vec![("customfield_10-day", "2"), ("customfield_10-month", "December"),
            ("customfield_10-year", "2026"), ("customfield_10-time", "2:30 pm")],
        json: (json!("2026-12-02T14:30:00.000+0100"), None),
    };
    select: Row {
        field: custom("Kind", "select", of("option"), two()),
        shown: vec!["<legend>", "<input type=\"radio\" name=\"customfield_10\" id=\"customfield_10\" value=\"1\">",
            "Light &lt;laptop&gt;", "id=\"customfield_10-1\" value=\"2\">"],
        wrong: vec![],
        mistake: ("Choose an answer for “Kind”", "customfield_10"),
        right: vec![("customfield_10", "2")],
        json: (json!({ "id": "2" }), None),
    };
    long_select: Row {
        field: custom("Kind", "select", of("option"), eight()),
        shown: vec!["<select id=\"customfield_10\"", "<option value=\"\">Choose</option>",
            "<option value=\"8\">h</option>"],
        wrong: vec![("customfield_10", "")],
        mistake: ("Choose an answer for “Kind”", "customfield_10"),
        right: vec![("customfield_10", "8")],
        json: (json!({ "id": "8" }), None),
    };
    radio: Row {
        // The type is "string" in Atlassian's own example.
        field: custom("Gift", "radiobuttons", of("string"), eight()),
        shown: vec!["type=\"radio\"", "id=\"customfield_10-7\" value=\"8\">"],
        wrong: vec![],
        mistake: ("Choose an answer for “Gift”", "customfield_10"),
        right: vec![("customfield_10", "1")],
        json: (json!({ "id": "1" }), None),
    };
    multi_select: Row {
        field: custom("More", "multiselect", array("option"), two()),
        shown: vec!["Choose all that apply", "<input type=\"checkbox\" name=\"customfield_10\" id=\"customfield_10\""],
        wrong: vec![],
        mistake: ("Choose an answer for “More”", "customfield_10"),
        right: vec![("customfield_10", "2"), ("customfield_10", "1")],
        json: (json!([{ "id": "2" }, { "id": "1" }]), None),
    };
    checkboxes: Row {
        field: custom("More", "multicheckboxes", array("option"), two()),
        shown: vec!["type=\"checkbox\""],
        wrong: vec![],
        mistake: ("Choose an answer for “More”", "customfield_10"),
        right: vec![("customfield_10", "1")],
        json: (json!([{ "id": "1" }]), None),
    };
    cascading: Row {
        field: custom("Place", "cascadingselect", of("option-with-child"), cities()),
        shown: vec!["<select id=\"customfield_10\"", "<optgroup label=\"Berlin\">",
            "<option value=\"1:2\">Berlin, Floor 1</option>",
            "<option value=\"1:3\">Berlin, Floor &lt;2&gt;</option>",
            "<option value=\"9:\">At home</option>"],
        wrong: vec![("customfield_10", "")],
        mistake: ("Choose an answer for “Place”", "customfield_10"),
        right: vec![("customfield_10", "1:3")],
        json: (json!({ "id": "1", "child": { "id": "3" } }), None),
    };
    cascading_without_child: Row {
        field: custom("Place", "cascadingselect", of("option-with-child"), cities()),
        shown: vec!["<optgroup label=\"At home\">"],
        wrong: vec![("customfield_10", "")],
        mistake: ("Choose an answer for “Place”", "customfield_10"),
        right: vec![("customfield_10", "9:")],
        json: (json!({ "id": "9" }), None),
    };
    labels: Row {
        field: system("labels", "Labels", array("string"), none()),
        shown: vec!["Single words with blanks between them", "<input id=\"labels\""],
        wrong: vec![("labels", long!())],
        mistake: (
            concat!("“", long!(), "” is too long. A word in “Labels” may have 255 characters"),
            "labels",
        ),
        right: vec![("labels", "printer, floor-2  printer")],
        json: (json!(["printer", "floor-2"]), None),
    };
    own_labels: Row {
        field: custom("Words", "labels", array("string"), none()),
        shown: vec!["<input id=\"customfield_10\""],
        wrong: vec![("customfield_10", " , ")],
        mistake: ("Enter an answer for “Words”", "customfield_10"),
        right: vec![("customfield_10", "a b")],
        json: (json!(["a", "b"]), None),
    };
    url: Row {
        field: custom("Offer", "url", of("string"), none()),
        shown: vec!["<input id=\"customfield_10\"", "type=\"url\""],
        wrong: vec![("customfield_10", "javascript://example.com/%0aalert(1)")],
        mistake: ("“Offer” must be a web address, for example https://www.example.com/offer", "customfield_10"),
        right: vec![("customfield_10", "shop.example.com/monitors?size=27")],
        json: (json!("https://shop.example.com/monitors?size=27"), None),
    };
    components: Row {
        field: system("components", "Parts", array("component"), choices(&["Printers"])),
        shown: vec!["<input type=\"checkbox\" name=\"components\" id=\"components\" value=\"1\">"],
        wrong: vec![],
        mistake: ("Choose an answer for “Parts”", "components"),
        right: vec![("components", "1")],
        json: (json!([{ "name": "Printers" }]), None),
    };
    versions: Row {
        field: system("versions", "Versions", array("version"), two()),
        shown: vec!["type=\"checkbox\" name=\"versions\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Versions”", "versions"),
        right: vec![("versions", "1")],
        json: (json!([{ "id": "1" }]), None),
    };
    fix_versions: Row {
        field: system("fixVersions", "Fixed in", array("version"), two()),
        shown: vec!["type=\"checkbox\" name=\"fixVersions\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Fixed in”", "fixVersions"),
        right: vec![("fixVersions", "2")],
        json: (json!([{ "id": "2" }]), None),
    };
    own_versions: Row {
        field: custom("Since", "multiversion", array("version"), two()),
        shown: vec!["type=\"checkbox\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Since”", "customfield_10"),
        right: vec![("customfield_10", "1")],
        json: (json!([{ "id": "1" }]), None),
    };
    own_version: Row {
        field: custom("Since", "version", of("version"), two()),
        shown: vec!["type=\"radio\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Since”", "customfield_10"),
        right: vec![("customfield_10", "1")],
        json: (json!({ "id": "1" }), None),
    };
    priority: Row {
        field: system("priority", "Priority", of("priority"), eight()),
        shown: vec!["type=\"radio\" name=\"priority\" id=\"priority\" value=\"1\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Priority”", "priority"),
        right: vec![("priority", "3")],
        json: (json!({ "id": "3" }), None),
    };
    user: Row {
        field: custom("Manager", "userpicker", of("user"), none()),
        shown: vec!["An email address", "class=\"w18\" type=\"email\""],
        wrong: vec![("customfield_10", "")],
        mistake: ("Enter an email address for “Manager”, for example name@example.com", "customfield_10"),
        right: vec![("customfield_10", " <Ann@Example.com>")],
        json: (json!({ "accountId": "5b10a2844c20165700ede213" }), Some(json!({ "name": "ann" }))),
    };
    users: Row {
        field: custom("Approvers", "multiuserpicker", array("user"), none()),
        shown: vec!["Email addresses, one on each line", "rows=\"3\" autocapitalize=\"none\" spellcheck=\"false\""],
        wrong: vec![("customfield_10", "ann@example.com\r\nben.example")],
        mistake: ("Line 2 is not an email address: “ben.example”. Write it like name@example.com", "customfield_10"),
        right: vec![("customfield_10", "carla@example.com\r\n\r\nann@example.com, ann@example.com")],
        json: (
            json!([{ "accountId": "5b10a2844c20165700ede215" }, { "accountId": "5b10a2844c20165700ede213" }]),
            Some(json!([{ "name": "carla" }, { "name": "ann" }])),
        ),
    };
    people: Row {
        field: custom("Team", "people", array("user"), none()),
        shown: vec!["<textarea"],
        wrong: vec![("customfield_10", "@example.com")],
        mistake: ("Line 1 is not an email address: “@example.com”. Write it like name@example.com", "customfield_10"),
        right: vec![("customfield_10", "ann@example.com")],
        json: (json!([{ "accountId": "5b10a2844c20165700ede213" }]), Some(json!([{ "name": "ann" }]))),
    };
    group: Row {
        field: custom("Reviewed by", "grouppicker", of("group"), none()),
        shown: vec!["type=\"radio\"", "value=\"reviewers\"", "value=\"approvers\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Reviewed by”", "customfield_10"),
        right: vec![("customfield_10", "approvers")],
        json: (json!({ "name": "approvers" }), None),
    };
    groups: Row {
        field: custom("Reviewed by", "multigrouppicker", array("group"), none()),
        shown: vec!["type=\"checkbox\"", "value=\"reviewers\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Reviewed by”", "customfield_10"),
        right: vec![("customfield_10", "reviewers")],
        json: (json!([{ "name": "reviewers" }]), None),
    };
    organizations: Row {
        field: custom("Organizations", "com.atlassian.servicedesk:sd-customer-organizations",
            array("sd-customerorganization"), none()),
        shown: vec!["<div class=\"choices cards\">", "value=\"3\"", "Everybody at <span dir=\"auto\">Example Works</span>",
            "value=\"4\""],
        wrong: vec![],
        mistake: ("Choose an answer for “Organizations”", "customfield_10"),
        right: vec![("customfield_10", "4")],
        json: (json!([4]), None),
    };
    participants: Row {
        field: custom("Who else?", "com.atlassian.servicedesk:sd-request-participants",
            array("user"), none()),
        shown: vec!["They can read this request and reply to it.", "<textarea"],
        wrong: vec![("customfield_10", "ben")],
        mistake: ("Line 1 is not an email address: “ben”. Write it like name@example.com", "customfield_10"),
        right: vec![("customfield_10", "ann@example.com\r\nstranger@example.org")],
        json: (json!(["5b10a2844c20165700ede213"]), Some(json!(["ann"]))),
    };
    attachment: Row {
        field: system("attachment", "Files", array("attachment"), none()),
        shown: vec!["<p>Up to 25 MB each, and up to 20 files</p>", "<div class=\"drop pair\">",
            "<input id=\"attachment\" name=\"attachment\" aria-describedby=\"attachment-hint\" type=\"file\" multiple>",
            "name=\"act\" value=\"upload\">Upload now</button>"],
        wrong: vec![],
        mistake: ("Add a file for “Files”", "attachment"),
        right: vec![],
        json: (json!(["temp1", "temp2"]), None),
    };
}
