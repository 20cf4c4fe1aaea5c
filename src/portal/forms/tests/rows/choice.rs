//! One choice, several, and one below another.

use super::*;

rows! {
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
}
