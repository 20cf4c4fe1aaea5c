//! Days and moments.

use super::*;

rows! {
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
}
