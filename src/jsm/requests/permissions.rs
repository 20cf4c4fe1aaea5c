//! Which request types a customer may use. JSM tells the service account of all types, and restricts
//! some of them to people, groups and organisations.

use std::collections::HashSet;

use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use super::shapes::each;
use super::types::desk_path;
use super::{Known, RequestType, RequestTypes, Requests};
use crate::config::Deployment;
use crate::domain::{AccountId, OrganizationId, Portal, RequestTypeId};
use crate::jsm::Error;
use crate::jsm::rest::{Call, known};

/// How many types Cloud takes in one question.
const AT_ONCE: usize = 50;

/// The types that somebody may use.
pub(super) type Usable = HashSet<RequestTypeId>;

/// The answer of Cloud's `permissions/check`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Checked {
    can_create_request: Vec<RequestTypeId>,
}

/// Data Center's `requesttype/{id}/permission`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Allowed {
    permissions: Vec<Value>,
}

/// Whom a restricted type is for.
#[derive(Debug, Deserialize)]
struct Entity {
    #[serde(rename = "entityId")]
    id: String,
    #[serde(rename = "entityType")]
    kind: String,
    status: Option<String>,
}

/// `GET /rest/api/2/user`: Data Center names people by a key in some answers, by a username in others.
#[derive(Debug, Default, Deserialize)]
struct KeyOf {
    key: Option<String>,
}

/// Who wants to use a type.
struct Wanting<'a> {
    account: &'a AccountId,
    key: Option<String>,
    organizations: &'a [OrganizationId],
}

impl Entity {
    /// Which Jira groups a customer is in is not known, so a group opens nothing.
    fn names(&self, wanting: &Wanting<'_>) -> bool {
        let Wanting { account, key, organizations } = wanting;
        let is_active = self.status.as_deref().is_none_or(|status| status == "ACTIVE");
        is_active
            && match self.kind.as_str() {
                "USER" => self.id == account.as_str() || key.as_ref() == Some(&self.id),
                "ORGANIZATION" => {
                    OrganizationId::parse(&self.id).is_ok_and(|id| organizations.contains(&id))
                }
                _ => false,
            }
    }
}

impl Requests {
    /// Those of a desk's request types that a customer, who is in these organisations, may use.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn usable_types(
        &self,
        portal: &Portal,
        offered: &RequestTypes,
        account: &AccountId,
        organizations: &[OrganizationId],
    ) -> Result<Known<HashSet<RequestTypeId>>, Error> {
        let desk = portal.service_desk_id.as_str();
        let key = (desk.into(), account.clone());
        let read = async {
            match self.client.deployment().await? {
                Deployment::Cloud => self.checked(desk, offered, account).await,
                Deployment::DataCenter => self.allowed(desk, offered, account, organizations).await,
            }
        };
        self.caches.usable.get(key, read).await
    }

    /// Cloud answers for another account if the service account administers the project. If not, only
    /// what is said to be open to everybody may be used.
    async fn checked(
        &self,
        desk: &str,
        offered: &RequestTypes,
        account: &AccountId,
    ) -> Result<Usable, Error> {
        let path = format!("{}/requesttype/permissions/check", desk_path(desk));
        let path = path.as_str();
        let questions = offered.types.chunks(AT_ONCE).map(|types| async move {
            let ids: Vec<_> = types.iter().map(|it| it.id).collect();
            let body = json!({
                "accountId": account,
                "permissions": ["canCreateRequest"],
                "requestTypeIds": ids,
            });
            let answer: Option<Checked> =
                known(self.client.read(Call::Query { path, body: &body }).await)?;
            Ok::<_, Error>(answer.map_or_else(|| open(types), |it| it.can_create_request))
        });
        Ok(try_join_all(questions).await?.into_iter().flatten().collect())
    }

    async fn allowed(
        &self,
        desk: &str,
        offered: &RequestTypes,
        account: &AccountId,
        organizations: &[OrganizationId],
    ) -> Result<Usable, Error> {
        if offered.types.iter().all(|it| it.is_open) {
            return Ok(open(&offered.types).into_iter().collect());
        }
        let wanting = Wanting { account, key: self.key_of(account).await?, organizations };
        let wanting = &wanting;
        let questions = offered.types.iter().filter(|it| !it.is_open).map(|it| async move {
            let path = format!("{}/requesttype/{}/permission", desk_path(desk), it.id);
            let answer: Option<Allowed> = known(self.client.read(Call::read(&path)).await)?;
            let entities: Vec<Entity> = each(answer.unwrap_or_default().permissions);
            let allowed = entities.iter().any(|entity| entity.names(wanting));
            Ok::<_, Error>(allowed.then_some(it.id))
        });
        let restricted = try_join_all(questions).await?.into_iter().flatten();
        Ok(restricted.chain(open(&offered.types)).collect())
    }

    async fn key_of(&self, account: &AccountId) -> Result<Option<String>, Error> {
        let query = [("username", account.to_string())];
        let call = Call::Read { path: "/rest/api/2/user", query: &query };
        let user: Option<KeyOf> = known(self.client.read(call).await)?;
        Ok(user.unwrap_or_default().key)
    }
}

fn open(types: &[RequestType]) -> Vec<RequestTypeId> {
    types.iter().filter(|it| it.is_open).map(|it| it.id).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case::person(json!({"entityType": "USER", "entityId": "ann"}), true)]
    #[case::person_by_key(json!({"entityType": "USER", "entityId": "JIRAUSER10100"}), true)]
    #[case::other_person(json!({"entityType": "USER", "entityId": "bob"}), false)]
    #[case::organisation(json!({"entityType": "ORGANIZATION", "entityId": "3"}), true)]
    #[case::other_organisation(json!({"entityType": "ORGANIZATION", "entityId": "33"}), false)]
    #[case::removed(json!({"entityType": "USER", "entityId": "ann", "status": "REMOVED"}), false)]
    #[case::group(json!({"entityType": "GROUP", "entityId": "ann"}), false)]
    fn a_restricted_type_is_for_whom_it_names(#[case] entity: Value, #[case] allowed: bool) {
        let entity: Entity = serde_json::from_value(entity).unwrap();
        let (ann, acme) = (AccountId::parse("ann").unwrap(), OrganizationId::parse("3").unwrap());
        let key = Some("JIRAUSER10100".to_owned());
        let wanting = Wanting { account: &ann, key, organizations: &[acme] };
        assert_eq!(entity.names(&wanting), allowed);
    }
}
