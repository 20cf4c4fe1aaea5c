//! What stands in a form at first, and what is typed into it, in whichever language.

use rstest::rstest;

use super::*;

/// A summary, two fields that JSM fills in, a person, and a day.
fn fields_with_defaults() -> [Value; 5] {
    let jiras = |of: &str| format!("com.atlassian.jira.plugin.system.customfieldtypes:{of}");
    let custom = |id: &str, of: &str| field(id, json!({ "type": "any", "custom": jiras(of) }));
    let mut select = custom("customfield_1", "select");
    select["validValues"] = json!([{ "value": "1", "label": "A" }, { "value": "2", "label": "B" }]);
    select["defaultValues"] = json!([{ "value": "2", "label": "B" }]);
    let mut date = custom("customfield_2", "datetime");
    date["defaultValues"] = json!([{ "value": "2026-12-02T14:30:00.000+0000" }]);
    let person = custom("customfield_3", "userpicker");
    [summary(), select, date, person, custom("customfield_4", "datepicker")]
}

#[test]
fn jsms_defaults_and_the_query_fill_the_form_in() {
    let desk = Desk::new(Deployment::Cloud);
    let form = desk.form(&fields_with_defaults()).unwrap();
    let query = posted(&[
        ("summary", "New \"laptop\""),
        ("customfield_3", "evil@example.com"),
        ("customfield_4", "2026-11-30"),
        ("utm_source", "x"),
        ("requestTypeId", "7"),
    ]);
    let filled = form.prefilled(&query, &desk.locale);
    let page = desk.page(&form, &filled, &[]);
    for part in [
        "value=\"New &quot;laptop&quot;\"",
        "id=\"customfield_1-1\" value=\"2\" checked>",
        "name=\"customfield_2-time\" inputmode=\"text\" autocomplete=\"off\" value=\"15:30\"",
        "name=\"customfield_4-month\" inputmode=\"numeric\" autocomplete=\"off\" value=\"11\"",
    ] {
        assert!(page.contains(part), "{part} is not in:\n{page}");
    }
    assert!(!page.contains("evil"), "{page}");
    let answers = desk.read(&form, &filled).unwrap();
    let values = answers.values(&HashMap::new()).unwrap().fields;
    assert_eq!(
        Value::Object(values),
        json!({
            "summary": "New \"laptop\"", "customfield_1": { "id": "2" },
            "customfield_2": "2026-12-02T15:30:00.000+0100", "customfield_4": "2026-11-30",
        })
    );
    assert_eq!(answers.summary(), Some("New \"laptop\""));
}

#[rstest]
#[case::german(Language::De, "1.499,90", json!(1499.9))]
#[case::english(Language::En, "1,499.90", json!(1499.9))]
#[case::japanese(Language::Ja, "１，５００", json!(1500))]
fn a_number_is_written_as_in_ones_own_language(
    #[case] language: Language,
    #[case] typed: &str,
    #[case] json: Value,
) {
    let mut desk = Desk::new(Deployment::Cloud);
    desk.locale = Locale::of(language, &Catalogue::english().unwrap(), TimeZone::UTC);
    let custom = "com.atlassian.jira.plugin.system.customfieldtypes:float";
    let form = desk.form(&[field("customfield_1", json!({ "type": "number", "custom": custom }))]);
    let answers = desk.read(&form.unwrap(), &posted(&[("customfield_1", typed)])).unwrap();
    assert_eq!(answers.values(&HashMap::new()).unwrap().fields["customfield_1"], json);
}

#[test]
fn a_date_has_the_order_of_the_language() {
    let mut desk = Desk::new(Deployment::Cloud);
    desk.locale = Locale::of(Language::Ja, &Catalogue::english().unwrap(), TimeZone::UTC);
    let form =
        desk.form(&[field("duedate", json!({ "type": "date", "system": "duedate" }))]).unwrap();
    let page = desk.page(&form, &Posted::default(), &[]);
    assert!(page.contains("id=\"duedate\" name=\"duedate-year\""), "{page}");
    let typed =
        [("duedate-year", "２０２６年"), ("duedate-month", "11月"), ("duedate-day", "30日")];
    let answers = desk.read(&form, &posted(&typed)).unwrap();
    assert_eq!(answers.values(&HashMap::new()).unwrap().fields["duedate"], json!("2026-11-30"));
}

/// Missing comes before impossible, and a link leads to the first part that is wrong.
#[rstest]
#[case(["", "11", "2026"], Mistake::DateIncomplete(DatePart::Day), "duedate")]
#[case(["31", "", ""], Mistake::DateIncomplete(DatePart::Month), "duedate-month")]
#[case(["99", "13", ""], Mistake::DateIncomplete(DatePart::Year), "duedate-year")]
#[case(["1", "13", "2026"], Mistake::DateImpossible, "duedate-month")]
#[case(["1", "Lenz", "2026"], Mistake::DateImpossible, "duedate-month")]
#[case(["0", "1", "2026"], Mistake::DateImpossible, "duedate")]
#[case(["x", "1", "2026"], Mistake::DateImpossible, "duedate")]
#[case(["1", "1", "26"], Mistake::YearShort, "duedate-year")]
#[case(["1", "1", "20266"], Mistake::DateImpossible, "duedate-year")]
#[case(["29", "2", "2026"], Mistake::DayImpossible { month: "February".into(), year: 2026, days: 28 }, "duedate")]
fn a_mistake_in_a_date_is_named(
    #[case] parts: [&str; 3],
    #[case] mistake: Mistake,
    #[case] control: &str,
) {
    let desk = Desk::new(Deployment::Cloud);
    let form =
        desk.form(&[field("duedate", json!({ "type": "date", "system": "duedate" }))]).unwrap();
    let [day, month, year] = parts;
    let typed = posted(&[("duedate-day", day), ("duedate-month", month), ("duedate-year", year)]);
    let mistakes = desk.read(&form, &typed).unwrap_err();
    assert_eq!((&mistakes[0].mistake, mistakes[0].control.as_str()), (&mistake, control));
    let page = desk.page(&form, &typed, &mistakes);
    assert_eq!(page.matches("aria-invalid=\"true\"").count(), 1, "{page}");
}

proptest::proptest! {
    /// Whatever is typed into whatever kind of field, the form is read and shown again with it.
    #[test]
    fn anything_can_be_typed(typed in "\\PC{0,40}|[0-9.,:' -]{0,12}|.{0,12}") {
        let desk = Desk::new(Deployment::Cloud);
        let jiras = ["float", "textfield", "textarea", "url", "userpicker", "multiuserpicker", "labels", "select"];
        let custom = |(at, of): (usize, &&str)| {
            let custom = format!("com.atlassian.jira.plugin.system.customfieldtypes:{of}");
            let mut one = field(&format!("customfield_{at}"), json!({ "type": "any", "custom": custom }));
            one["validValues"] = json!([{ "value": "1", "label": "A" }]);
            one
        };
        let mut fields: Vec<_> = jiras.iter().enumerate().map(custom).collect();
        let moment = "com.atlassian.jira.plugin.system.customfieldtypes:datetime";
        fields.push(field("customfield_8", json!({ "type": "datetime", "custom": moment })));
        let form = desk.form(&fields).unwrap();
        let parts = ["day", "month", "year", "time"].map(|part| format!("customfield_8-{part}"));
        let names = (0..8).map(|at| format!("customfield_{at}")).chain(parts);
        let typed = Posted::new(names.map(|name| (name, typed.clone())));
        let mistakes = desk.read(&form, &typed).err().unwrap_or_default();
        desk.page(&form, &typed, &mistakes);
    }
}

/// Sixteen are more than somebody reads through.
#[rstest]
#[case::short(15, false)]
#[case::long(16, true)]
fn a_long_list_to_tick_in_can_be_narrowed(#[case] count: usize, #[case] narrows: bool) {
    let custom = "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes";
    let schema = json!({ "type": "array", "items": "option", "custom": custom });
    let mut rooms = field("customfield_1", schema);
    let room = |at: usize| json!({ "value": at.to_string(), "label": format!("Room {at}") });
    rooms["validValues"] = (1..=count).map(room).collect();
    let desk = Desk::new(Deployment::Cloud);
    let form = desk.form(&[rooms]).unwrap();
    let page = desk.page(&form, &Posted::default(), &[]);
    assert_eq!(page.contains("data-narrows=\"customfield_1-choices\""), narrows, "{page}");
    assert_eq!(page.matches("type=\"checkbox\"").count(), count);
}

/// The number that a script counts down from is the one that the answer is held to.
#[test]
fn a_text_is_counted_to_its_limit() {
    let desk = Desk::new(Deployment::Cloud);
    let form = desk.form(&[summary(), url()]).unwrap();
    let page = desk.page(&form, &Posted::default(), &[]);
    assert_eq!(page.matches("data-limit=\"255\"").count(), 1, "{page}");
    for (length, fits) in [(255, true), (256, false)] {
        let typed = "x".repeat(length);
        assert_eq!(desk.read(&form, &posted(&[("summary", &typed)])).is_ok(), fits);
    }
}
