//! JSON of JSM's requests that several kinds of answer have in common: times, people, statuses, and lists
//! that are read entry by entry. Everything that may be missing is optional here.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Organization, Person, Status, StatusCategory};
use crate::config::Deployment;
use crate::domain::{AccountId, OrganizationId};

/// JSM's `DateDTO`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawDate {
    epoch_millis: Option<i64>,
    jira: Option<String>,
    iso8601: Option<String>,
}

impl RawDate {
    pub(super) fn time(&self) -> Option<Timestamp> {
        let counted = self.epoch_millis.and_then(|millis| Timestamp::from_millisecond(millis).ok());
        let written = || [&self.jira, &self.iso8601].into_iter().flatten().find_map(|it| time(it));
        counted.or_else(written)
    }
}

/// Jira writes `2015-10-08T14:42:00.000+0700`, with an offset without colon.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let jira = Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text);
    jira.or_else(|_| text.parse()).ok()
}

/// A person, as JSM and Jira write one. The email address is left where it is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawUser {
    account_id: Option<String>,
    name: Option<String>,
    display_name: Option<String>,
}

impl RawUser {
    /// What tells two entries of a list apart.
    pub(super) fn id(&self) -> &str {
        self.account_id.as_deref().or(self.name.as_deref()).unwrap_or_default()
    }

    pub(super) fn person(self, deployment: Deployment) -> Person {
        let id = match deployment {
            Deployment::Cloud => self.account_id,
            Deployment::DataCenter => self.name,
        };
        let account = id.and_then(|id| AccountId::parse(&id).ok());
        Person { account, name: self.display_name.unwrap_or_default() }
    }
}

/// A status as customers see it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawStatus {
    status: String,
    #[serde(default)]
    status_category: Option<String>,
    #[serde(default)]
    status_date: Option<RawDate>,
}

impl RawStatus {
    pub(super) fn status(self) -> Status {
        let category = match self.status_category.as_deref() {
            Some("NEW") => StatusCategory::New,
            Some("INDETERMINATE") => StatusCategory::Indeterminate,
            Some("DONE") => StatusCategory::Done,
            _ => StatusCategory::Undefined,
        };
        let since = self.status_date.and_then(|date| date.time());
        Status { name: self.status, category, since }
    }
}

/// An organisation in a field of a request.
#[derive(Debug, Deserialize)]
pub(super) struct RawOrganization {
    id: OrganizationId,
    #[serde(default)]
    name: String,
}

impl From<RawOrganization> for Organization {
    fn from(raw: RawOrganization) -> Self {
        Self { id: raw.id, name: raw.name }
    }
}

/// A list within an answer: its first page.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct RawList {
    pub(super) is_last_page: Option<bool>,
    pub(super) values: Vec<Value>,
}

impl RawList {
    /// Whether there is more than what came with the answer.
    pub(super) fn goes_on(&self) -> bool {
        self.is_last_page == Some(false)
    }
}

/// Reads a list entry by entry. One that cannot be read is left out, so that it hides no other.
pub(super) fn each<T: DeserializeOwned>(values: Vec<Value>) -> Vec<T> {
    let read = values.into_iter().map(serde_json::from_value);
    let (read, odd): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
    note_odd(std::any::type_name::<T>(), odd.len());
    read.into_iter().flatten().collect()
}

/// The list in a member that may be missing or something else.
pub(super) fn each_of<T: DeserializeOwned>(value: Option<&Value>) -> Vec<T> {
    each(value.and_then(Value::as_array).cloned().unwrap_or_default())
}

/// Counts what JSM listed that cannot be read. What it says is left out: customers wrote it.
pub(super) fn note_odd(kind: &str, odd: usize) {
    if odd > 0 {
        let kind = kind.rsplit("::").next().unwrap_or(kind);
        tracing::debug!(kind, odd, "entries of JSM's answer could not be read");
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case(json!({"epochMillis": 1_444_290_120_000_i64}))]
    #[case(json!({"jira": "2015-10-08T14:42:00.000+0700"}))]
    #[case(json!({"iso8601": "2015-10-08T14:42:00+0700", "friendly": "Monday 14:42 PM"}))]
    #[case(json!({"iso8601": "2015-10-08T07:42:00Z"}))]
    fn every_form_of_a_time_is_read(#[case] date: Value) {
        let date: RawDate = serde_json::from_value(date).unwrap();
        assert_eq!(date.time(), "2015-10-08T07:42:00Z".parse().ok());
    }

    #[test]
    fn a_person_is_known_by_what_the_deployment_tells_people_apart_by() {
        let user = json!({
            "accountId": "qm:a713:5ad6", "name": "fred", "displayName": "Fred",
            "emailAddress": "fred@example.com",
        });
        let of = |deployment| {
            let user: RawUser = serde_json::from_value(user.clone()).unwrap();
            user.person(deployment).account.map(|id| id.to_string())
        };
        assert_eq!(of(Deployment::Cloud).as_deref(), Some("qm:a713:5ad6"));
        assert_eq!(of(Deployment::DataCenter).as_deref(), Some("fred"));
    }

    #[test]
    fn one_odd_entry_hides_no_other() {
        let list = vec![json!({"status": "Open"}), json!({"status": 7}), json!({"status": "Done"})];
        let read: Vec<RawStatus> = each(list);
        let names: Vec<_> = read.into_iter().map(|status| status.status().name).collect();
        assert_eq!(names, ["Open", "Done"]);
    }
}
