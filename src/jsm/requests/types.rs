//! What a desk offers: its groups and request types, as its portal shows them to everybody.

use futures_util::future::try_join;
use percent_encoding::utf8_percent_encode;
use serde::Deserialize;
use serde_json::Value;

use super::shapes::note_odd;
use super::{Known, Requests};
use crate::domain::{GroupId, IssueTypeId, Portal, RequestTypeId};
use crate::jsm::rest::{Entry, SEGMENT, or_default};
use crate::jsm::{Error, RequestLanguage};

/// The groups and request types of a desk, in the portal's order.
#[derive(Debug, Default)]
pub struct RequestTypes {
    /// Every group with at least one type.
    pub groups: Vec<Group>,
    /// Every type that is in a group: the portal does not show others.
    pub types: Vec<RequestType>,
}

/// A group of request types.
#[derive(Debug, Deserialize)]
pub struct Group {
    /// JSM's id.
    pub id: GroupId,
    /// Its name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: String,
}

/// A request type.
#[derive(Debug)]
pub struct RequestType {
    /// JSM's id.
    pub id: RequestTypeId,
    /// Its name.
    pub name: String,
    /// What it is for; may be empty.
    pub description: String,
    /// What to know before raising such a request; may be empty.
    pub help: String,
    /// The type of Jira's issues it is based on, where JSM tells it.
    pub issue_type: Option<IssueTypeId>,
    /// The groups it is in.
    pub groups: Vec<GroupId>,
    /// JSM's number of its icon.
    pub icon: Option<u64>,
    /// Whether JSM says that everybody at the desk may use it; unknown is not yes.
    pub(super) is_open: bool,
}

impl RequestTypes {
    /// One type.
    #[must_use]
    pub fn get(&self, id: RequestTypeId) -> Option<&RequestType> {
        self.types.iter().find(|it| it.id == id)
    }

    /// One group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// The types of a group.
    pub fn of_group(&self, id: GroupId) -> impl Iterator<Item = &RequestType> {
        self.types.iter().filter(move |it| it.groups.contains(&id))
    }

    fn of(groups: Vec<Group>, types: Vec<RawType>) -> Self {
        let types: Vec<_> = types.into_iter().map(RawType::into_type).collect();
        let types: Vec<_> = types.into_iter().filter(|it| !it.groups.is_empty()).collect();
        let has_types = |group: &Group| types.iter().any(|it| it.groups.contains(&group.id));
        let groups = groups.into_iter().filter(has_types).collect();
        Self { groups, types }
    }
}

/// One of `GET …/servicedesk/{id}/requesttype`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawType {
    id: RequestTypeId,
    #[serde(default, deserialize_with = "or_default")]
    name: String,
    #[serde(default, deserialize_with = "or_default")]
    description: String,
    #[serde(default, deserialize_with = "or_default")]
    help_text: String,
    issue_type_id: Option<IssueTypeId>,
    #[serde(default, deserialize_with = "or_default")]
    group_ids: Vec<GroupId>,
    icon: Option<Value>,
    restriction_status: Option<String>,
}

impl RawType {
    fn into_type(self) -> RequestType {
        let icon = self.icon.as_ref().and_then(|icon| icon.get("id"));
        let icon = icon.and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
        RequestType {
            id: self.id,
            name: self.name,
            description: self.description,
            help: self.help_text,
            issue_type: self.issue_type_id,
            groups: self.group_ids,
            icon,
            is_open: self.restriction_status.as_deref() == Some("OPEN"),
        }
    }
}

impl Entry for RawType {
    const CALLED: &'static str = "request type";

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Entry for Group {
    const CALLED: &'static str = "group of request types";

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Requests {
    /// What the desk of a portal offers.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn request_types(
        &self,
        portal: &Portal,
        language: &RequestLanguage,
    ) -> Result<Known<RequestTypes>, Error> {
        let key = (portal.service_desk_id.as_str().into(), language.clone());
        self.caches.types.get(key, self.read_types(&portal.service_desk_id, language)).await
    }

    async fn read_types(
        &self,
        desk: &str,
        language: &RequestLanguage,
    ) -> Result<RequestTypes, Error> {
        let desk = desk_path(desk);
        let (groups, types) = (format!("{desk}/requesttypegroup"), format!("{desk}/requesttype"));
        let query = [language.parameter()];
        let groups = self.client.list_with::<Group>(&groups, &query);
        let types = self.client.list_with::<RawType>(&types, &query);
        let (groups, types) = try_join(groups, types).await?;
        note_odd("request types and groups", groups.odd.len() + types.odd.len());
        Ok(RequestTypes::of(groups.entries, types.entries))
    }
}

/// The path of a desk in JSM's REST API.
pub(super) fn desk_path(desk: &str) -> String {
    format!("/rest/servicedeskapi/servicedesk/{}", utf8_percent_encode(desk, SEGMENT))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::shapes::each;
    use super::*;

    /// As Atlassian's own description of the API has it, and what the portal does not show.
    #[test]
    fn what_is_in_no_group_is_not_offered() {
        let types = each(vec![
            json!({"_expands": [], "id": "11001", "name": "Get IT Help", "helpText": "Say what.",
                "issueTypeId": "12345", "serviceDeskId": "28", "portalId": "2", "groupIds": ["12"],
                "icon": {"id": "12345", "_links": {"iconUrls": {}}}}),
            json!({"id": "11002", "name": "Mail", "groupIds": []}),
            json!({"id": "11003", "name": "Old", "groupIds": null}),
            json!({"id": "x", "name": "Odd", "groupIds": ["12"]}),
        ]);
        let groups =
            each(vec![json!({"id": "12", "name": "Common"}), json!({"id": "13", "name": "Empty"})]);
        let offered = RequestTypes::of(groups, types);
        let names: Vec<_> = offered.types.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["Get IT Help"]);
        let groups: Vec<_> = offered.groups.iter().map(|group| group.name.as_str()).collect();
        assert_eq!(groups, ["Common"]);
        let help = &offered.types[0];
        assert_eq!(
            (help.icon, help.help.as_str(), help.is_open),
            (Some(12345), "Say what.", false)
        );
    }
}
