//! Text, words, addresses and numbers.

use super::*;

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
        shown: vec!["<textarea id=\"description\" name=\"description\" rows=\"5\" dir=\"auto\" data-limit=\"32767\">"],
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
}
