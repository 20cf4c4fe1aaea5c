//! Forms from end to end: JSM's description of a field to the page, and what was typed to JSM's JSON.

mod page;
mod refusals;
mod rows;
mod rules;
mod sending;
mod typing;

use std::collections::HashMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::*;
use crate::config::Deployment;
use crate::domain::{AccountId, Email, Language, OrganizationId};
use crate::web::catalogue::Catalogue;

/// What a test needs to make a form and to read one.
struct Desk {
    deployment: Deployment,
    groups: Vec<String>,
    organizations: Vec<(OrganizationId, String)>,
    cascades: HashMap<FieldId, Vec<Choice>>,
    locale: Locale,
    files: Vec<KeptFile>,
}

impl Desk {
    fn new(deployment: Deployment) -> Self {
        let organization = |id, name: &str| (OrganizationId::parse(id).unwrap(), name.to_owned());
        Self {
            deployment,
            groups: vec!["reviewers".to_owned(), "approvers".to_owned()],
            organizations: vec![
                organization("3", "Example Works"),
                organization("4", "Example Lab"),
            ],
            cascades: HashMap::new(),
            locale: english(),
            files: Vec::new(),
        }
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            deployment: self.deployment,
            groups: &self.groups,
            organizations: &self.organizations,
            asks_for_sharing: false,
            names_people: true,
            cascades: &self.cascades,
        }
    }

    fn form(&self, fields: &[Value]) -> Result<Form, Unavailable> {
        Form::new(fields, &self.setting())
    }

    fn reading(&self) -> Reading<'_> {
        let limits = FileLimits { bytes: 25_000_000, count: 20 };
        Reading { locale: &self.locale, files: &self.files, limits }
    }

    /// The page of a form, with the mistakes in what was typed.
    fn page(&self, form: &Form, posted: &Posted, mistakes: &[FieldMistake]) -> String {
        let widgets = form.widgets(posted, mistakes, &self.reading());
        page::rendered(&values(&widgets, &[], &self.locale))
    }

    fn read(&self, form: &Form, posted: &Posted) -> Result<Answers, Vec<FieldMistake>> {
        form.read(posted, &self.reading()).unwrap()
    }
}

fn field(id: &str, schema: Value) -> Value {
    let mut field = json!({ "fieldId": id, "name": id, "required": false, "validValues": [] });
    field["jiraSchema"] = schema;
    field
}

fn summary() -> Value {
    field("summary", json!({ "type": "string", "system": "summary" }))
}

fn url() -> Value {
    let custom = "com.atlassian.jira.plugin.system.customfieldtypes:url";
    field("customfield_1", json!({ "type": "string", "custom": custom }))
}

fn english() -> Locale {
    let texts = Catalogue::english().unwrap();
    Locale::of(Language::En, &texts, TimeZone::get("Europe/Berlin").unwrap())
}

fn posted(pairs: &[(&str, &str)]) -> Posted {
    Posted::new(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

/// Whom JSM knows: the same people on both products, by their own kind of id.
fn accounts(deployment: Deployment) -> HashMap<Email, AccountId> {
    let known = |name: &str| {
        let id = match deployment {
            Deployment::Cloud => format!("5b10a2844c20165700ede21{}", name.len()),
            Deployment::DataCenter => name.to_owned(),
        };
        let email = Email::parse(&format!("{name}@example.com")).unwrap();
        (email, AccountId::parse(&id).unwrap())
    };
    ["ann", "carla"].into_iter().map(known).collect()
}
