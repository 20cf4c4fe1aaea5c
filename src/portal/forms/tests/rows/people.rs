//! People and files.

use super::*;

rows! {
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
