//! What holds for whole forms.

use rstest::rstest;

use super::*;

#[rstest]
#[case::assets("com.atlassian.jira.plugins.cmdb:cmdb-object-cftype")]
#[case::services("com.atlassian.jira.plugins.service-entity:service-entity-field-cftype")]
#[case::an_app("com.riadalabs.jira.plugins.insight:rlabs-customfield-default-object")]
#[case::approvals("com.atlassian.servicedesk.approvals-plugin:sd-approvals")]
fn an_unknown_kind_is_left_out_or_makes_the_type_unavailable(#[case] custom: &str) {
    let desk = Desk::new(Deployment::Cloud);
    let mut unknown = field("customfield_9", json!({ "type": "any", "custom": custom }));
    let form = desk.form(&[summary(), unknown.clone()]).unwrap();
    assert_eq!(form.fields().len(), 1);
    unknown["required"] = json!(true);
    let why = desk.form(&[summary(), unknown.clone()]).unwrap_err();
    assert_eq!(
        why.to_string(),
        format!(
            "the required field \"customfield_9\" (customfield_9) is of a type that cannot be shown: {custom}"
        )
    );
    // What JSM fills in itself stands in nobody's way.
    unknown["presetValues"] = json!(["12"]);
    assert!(desk.form(&[summary(), unknown]).is_ok());
}

#[rstest]
#[case("project")]
#[case("security")]
#[case("parent")]
#[case("reporter")]
fn p5_fields_that_are_nobodys_to_set_are_not_shown(#[case] system: &str) {
    let desk = Desk::new(Deployment::DataCenter);
    let form = desk.form(&[summary(), field(system, json!({ "type": "any", "system": system }))]);
    assert_eq!(form.unwrap().fields().len(), 1);
}

#[test]
fn a_required_choice_of_nothing_makes_the_type_unavailable() {
    let mut components = field("components", json!({ "type": "array", "system": "components" }));
    let desk = Desk::new(Deployment::Cloud);
    assert_eq!(desk.form(&[components.clone()]).unwrap().fields().len(), 0);
    components["required"] = json!(true);
    let why = desk.form(&[components]).unwrap_err();
    assert_eq!(
        why.to_string(),
        "the required field \"components\" (components) has nothing to choose from"
    );
}

#[test]
fn only_the_configured_groups_can_be_chosen() {
    let custom = "com.atlassian.jira.plugin.system.customfieldtypes:grouppicker";
    let mut group = field("customfield_1", json!({ "type": "group", "custom": custom }));
    group["validValues"] =
        json!([{ "value": "jira-administrators", "label": "jira-administrators" }]);
    let desk = Desk::new(Deployment::DataCenter);
    let form = desk.form(&[group]).unwrap();
    let asked = desk.read(&form, &posted(&[("customfield_1", "jira-administrators")]));
    assert_eq!(asked.unwrap_err()[0].mistake, Mistake::NotChosen);
}

#[test]
fn an_answer_that_is_almost_no_json_is_read_all_the_same() {
    let bare =
        json!({ "fieldId": "summary", "jiraSchema": { "type": "string", "system": "summary" } });
    let nulls = json!({
        "fieldId": "customfield_1", "name": null, "description": null, "required": null,
        "validValues": null, "defaultValues": null, "presetValues": null, "visible": null,
        "jiraSchema": { "type": "string", "system": null, "items": null, "customId": 1,
            "custom": "com.atlassian.jira.plugin.system.customfieldtypes:textfield" },
    });
    let form = Desk::new(Deployment::Cloud).form(&[bare, nulls]).unwrap();
    assert_eq!(form.fields().len(), 2);
}

#[rstest]
#[case::text(json!("summary"))]
#[case::list(json!([]))]
#[case::null(json!(null))]
#[case::odd_choices(json!({ "fieldId": "summary", "validValues": 7 }))]
fn what_describes_no_field_makes_the_type_unavailable(#[case] told: Value) {
    assert!(Desk::new(Deployment::Cloud).form(&[summary(), told]).is_err());
}

/// Whatever sets more than the form asks for (OWASP: mass assignment; Zammad CVE-2026-34722).
#[rstest]
#[case::hidden_field("customfield_2")]
#[case::reporter("reporter")]
#[case::on_behalf("raiseOnBehalfOf")]
#[case::type_of_another_desk("requestTypeId")]
#[case::organization("customfield_10002")]
#[case::participants("requestParticipants")]
#[case::part_of_a_text("summary-day")]
#[case::other_case("Summary")]
#[case::list("summary[]")]
fn p5_a_form_with_more_than_was_asked_for_is_refused(#[case] name: &str) {
    let desk = Desk::new(Deployment::Cloud);
    let mut hidden = field("customfield_2", url()["jiraSchema"].clone());
    hidden["visible"] = json!(false);
    let form = desk.form(&[summary(), hidden]).unwrap();
    let typed = posted(&[("summary", "x"), (name, "1")]);
    let refused = form.read(&typed, &desk.reading()).unwrap_err();
    assert_eq!(refused, ForeignForm::Unknown(name.to_owned()));
}

#[test]
fn p5_a_field_has_one_answer() {
    let desk = Desk::new(Deployment::Cloud);
    let form = desk.form(&[summary()]).unwrap();
    let refused = form.read(&posted(&[("summary", "a"), ("summary", "b")]), &desk.reading());
    assert_eq!(refused.unwrap_err(), ForeignForm::Repeated("summary".to_owned()));
}

#[rstest]
#[case::script("javascript:alert(1)")]
#[case::script_with_a_host("javascript://example.com/%0aalert(1)")]
#[case::capitals("JaVaScRiPt:alert(1)")]
#[case::tab("java\tscript:alert(1)")]
#[case::line_break("java\nscript:alert(1)")]
#[case::hidden_tab("ht\ttps://example.com")]
#[case::data("data:text/html,<script>alert(1)</script>")]
#[case::vbscript("vbscript:msgbox(1)")]
#[case::file("file:///etc/passwd")]
#[case::mail("mailto:ann@example.com")]
#[case::backslashes(r"https:\\example.com")]
#[case::one_slash("https:/example.com")]
#[case::no_host("https://")]
#[case::no_address("offer of monday")]
fn p11_an_address_is_a_web_address(#[case] typed: &str) {
    let desk = Desk::new(Deployment::Cloud);
    let form = desk.form(&[url()]).unwrap();
    let mistakes = desk.read(&form, &posted(&[("customfield_1", typed)])).unwrap_err();
    assert_eq!(mistakes[0].mistake, Mistake::UrlWrong);
}

#[test]
fn p16_only_an_organization_of_ones_own_can_be_shared_with() {
    let desk = Desk::new(Deployment::Cloud);
    let setting = Setting { asks_for_sharing: true, ..desk.setting() };
    let form = Form::new(&[summary()], &setting).unwrap();
    let page = desk.page(&form, &Posted::default(), &[]);
    assert!(page.contains("<legend>Who can see this request?</legend>"), "{page}");
    assert!(page.contains("id=\"sharing\" value=\"\" checked>"), "{page}");
    let choose = |id| desk.read(&form, &posted(&[("sharing", id)]));
    assert_eq!(choose("5").unwrap_err()[0].mistake, Mistake::NotChosen);
    let shared = choose("4").unwrap().values(&HashMap::new()).unwrap();
    assert_eq!(shared.organization.map(OrganizationId::get), Some(4));
    assert!(shared.fields.is_empty(), "JSM would refuse it with the new request");
    let private = choose("").unwrap().values(&HashMap::new()).unwrap();
    assert_eq!(private, RequestValues::default());
}

#[test]
fn a_form_of_jsms_that_asks_who_can_see_the_request_asks_once() {
    let desk = Desk::new(Deployment::Cloud);
    let custom = "com.atlassian.servicedesk:sd-customer-organizations";
    let own = field("customfield_1", json!({ "type": "array", "custom": custom }));
    let setting = Setting { asks_for_sharing: true, ..desk.setting() };
    let form = Form::new(&[summary(), own], &setting).unwrap();
    assert_eq!(form.fields().len(), 2);
    let shared = desk.read(&form, &posted(&[("customfield_1", "4")])).unwrap();
    let shared = shared.values(&HashMap::new()).unwrap();
    assert_eq!(shared.fields["customfield_1"], json!([4]));
}

#[test]
fn without_an_organization_nobody_is_asked_about_sharing() {
    let mut desk = Desk::new(Deployment::Cloud);
    desk.organizations.clear();
    let setting = Setting { asks_for_sharing: true, ..desk.setting() };
    assert_eq!(Form::new(&[summary()], &setting).unwrap().fields().len(), 1);
}

#[test]
fn p7_a_person_whom_jsm_does_not_know_is_told_nothing_of() {
    let desk = Desk::new(Deployment::Cloud);
    let custom = "com.atlassian.jira.plugin.system.customfieldtypes:userpicker";
    let form = desk.form(&[field("customfield_1", json!({ "type": "user", "custom": custom }))]);
    let form = form.unwrap();
    let typed = posted(&[("customfield_1", "stranger@example.org")]);
    let answers = desk.read(&form, &typed).unwrap();
    assert_eq!(answers.people().len(), 1);
    let mistakes = answers.values(&accounts(desk.deployment)).unwrap_err();
    let page = desk.page(&form, &typed, &mistakes);
    assert!(page.contains("“stranger@example.org” cannot be used for “customfield_1”."), "{page}");
}

#[test]
fn all_mistakes_are_listed_in_the_order_of_the_page_and_everything_typed_stays() {
    let mut desk = Desk::new(Deployment::Cloud);
    desk.files = vec![KeptFile { id: "t1".into(), name: "<desk>.png".into(), size: 421_888 }];
    let mut first = summary();
    first["required"] = json!(true);
    let files = field("attachment", json!({ "type": "array", "system": "attachment" }));
    let form = desk.form(&[files, first, url()]).unwrap();
    let typed = posted(&[("summary", " "), ("customfield_1", "no \"address\"")]);
    let mut mistakes = desk.read(&form, &typed).unwrap_err();
    let large = FileMistake::TooLarge { file: "b.tif".into(), size: 31_000_000, limit: 25_000_000 };
    let attachment = FieldId::parse("attachment").unwrap();
    let control = "attachment".to_owned();
    mistakes.push(FieldMistake { field: attachment, control, mistake: Mistake::File(large) });
    let widgets = form.widgets(&typed, &mistakes, &desk.reading());
    let general = [Mistake::Said("The desk is <closed>".to_owned())];
    let page = page::rendered(&values(&widgets, &general, &desk.locale));
    let list = page.split("</ul>").next().unwrap();
    let items: Vec<_> =
        list.split("<li>").skip(1).map(|item| item.split("</li>").next().unwrap()).collect();
    assert_eq!(
        items,
        [
            "<span dir=\"auto\">The desk is &lt;closed&gt;</span>",
            "<a href=\"#summary\">Enter an answer for “summary”</a>",
            "<a href=\"#customfield_1\">“customfield_1” must be a web address, for example https:&#x2f;&#x2f;www.example.com&#x2f;offer</a>",
            "<a href=\"#attachment\">“b.tif” is too large: 31 MB. Files may have up to 25 MB each</a>",
        ]
    );
    for kept in [
        "value=\"no &quot;address&quot;\"",
        "&lt;desk&gt;.png",
        "0.5 MB",
        "name=\"remove\" value=\"1\"",
    ] {
        assert!(page.contains(kept), "{kept} is not in:\n{page}");
    }
}
