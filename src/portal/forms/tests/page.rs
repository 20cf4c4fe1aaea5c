//! Renders forms as the portal does, with the English texts.

use std::sync::Arc;

use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};

use crate::web::catalogue::Catalogue;
use crate::web::template_texts;

const PAGE: &str = r#"{% from "fields.html" import fields as all, summary %}{{ summary(mistakes) }}{{ all(fields) }}"#;

pub(super) fn rendered(values: &Value) -> String {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    template_texts::add(&mut templates, &Arc::new(Catalogue::english().unwrap()));
    let fields = include_str!("../../../web/templates/fields.html");
    let icons = include_str!("../../../web/templates/icons.html");
    for (name, source) in [("fields.html", fields), ("icons.html", icons), ("page.html", PAGE)] {
        templates.add_template(name, source).unwrap();
    }
    let page = templates.get_template("page.html").unwrap().render(values.clone()).unwrap();
    holds_together(&page);
    page
}

/// What holds for every form: no id twice, a label for every control, and everything that describes or
/// leads to something is there.
fn holds_together(page: &str) {
    let ids = attributes(page, "id");
    for (at, id) in ids.iter().enumerate() {
        assert!(!ids[..at].contains(id), "two elements have the id {id}:\n{page}");
    }
    let mut used = attributes(page, "for");
    used.extend(attributes(page, "aria-describedby").iter().flat_map(|ids| ids.split(' ')));
    used.extend(attributes(page, "aria-labelledby"));
    used.extend(attributes(page, "href").iter().map(|link| link.trim_start_matches('#')));
    for id in used {
        assert!(ids.contains(&id), "nothing has the id {id}:\n{page}");
    }
    let labelled = attributes(page, "for");
    for tag in page.split('<') {
        let control = ["input ", "select ", "textarea "].iter().any(|name| tag.starts_with(name));
        let id = attributes(tag, "id").first().copied();
        assert!(!control || id.is_some_and(|id| labelled.contains(&id)), "no label for <{tag}");
    }
}

fn attributes<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    page.split(&begin).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}
