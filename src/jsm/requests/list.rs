//! Lists of requests, found by JSM's search. What a row says is what customers may know: the status that
//! is shown to them, and no time that only the team's work moved.

use futures_util::future::{join_all, try_join};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::jql::jql;
use super::request::{person_in, priority};
use super::shapes::{RawOrganization, RawStatus, RawUser, each, each_of, time};
use super::site::SiteFacts;
use super::sla::RawSla;
use super::{CustomFieldId, Organization, PageToken, Person, Requests, Search, Sla, Status, Whose};
use crate::config::Deployment;
use crate::domain::{AccountId, IssueId, RequestKey, RequestTypeId};
use crate::jsm::Error;
use crate::jsm::rest::Call;

/// Ids that one search looks at again (developer.atlassian.com, "Search and reconcile issue data").
const MOST_RECONCILED: usize = 50;
/// A filter by request type is the gate's own: so many pages of JSM's are read for one.
const MOST_PAGES: usize = 3;

/// A page of requests.
#[derive(Debug, Default)]
pub struct RequestList {
    /// The requests.
    pub rows: Vec<RequestRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<PageToken>,
    /// About how many there are in all; told with the first page, where JSM counts these and no others.
    pub about: Option<u64>,
}

/// One request of a list.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its key.
    pub key: RequestKey,
    /// Its number.
    pub id: IssueId,
    /// What it is about.
    pub summary: String,
    /// Its request type.
    pub request_type: Option<RequestTypeId>,
    /// The name of its request type.
    pub type_name: String,
    /// The status that customers see.
    pub status: Status,
    /// When it was raised.
    pub created: Timestamp,
    /// When its status last changed. What JSM calls `updated` also tells when the team wrote something
    /// that customers do not see (portal case P6).
    pub updated: Timestamp,
    /// Who raised it.
    pub reporter: Person,
    /// How urgent it is, in JSM's words; read only where it is shown.
    pub priority: Option<String>,
    /// Who of the team works on it; read only where it is shown.
    pub assignee: Option<Person>,
    /// The agreed times; read only where they are shown.
    pub slas: Vec<Sla>,
    /// The organisations it is shared with.
    pub organizations: Vec<Organization>,
    participants: Vec<Person>,
}

/// An answer of either search.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPage {
    issues: Vec<Value>,
    next_page_token: Option<String>,
    /// Data Center's.
    start_at: Option<usize>,
    total: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct RawIssue {
    id: IssueId,
    key: RequestKey,
    fields: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
struct RawCount {
    count: u64,
}

/// The field that holds what customers see of a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawOrigin {
    request_type: Option<RawTypeName>,
    current_status: RawStatus,
}

#[derive(Debug, Deserialize)]
struct RawTypeName {
    id: RequestTypeId,
    #[serde(default)]
    name: String,
}

impl Requests {
    /// The requests that a search finds. A row is of those whose requests were looked for, as it says
    /// itself: what JSM found beyond that is left out.
    ///
    /// # Errors
    /// When JSM does not answer, or not as it should.
    pub async fn search(&self, search: &Search) -> Result<RequestList, Error> {
        let site = self.site().await?;
        let Some(jql) = jql(search, &site) else { return Ok(RequestList::default()) };
        // JSM would count the requests of an organisation's namesakes too.
        let is_shared = matches!(search.whose, Whose::Organization(_));
        let counts = search.page.is_none() && search.request_type.is_none() && !is_shared;
        let count = async {
            if counts && site.deployment == Deployment::Cloud {
                self.count(&jql).await
            } else {
                None
            }
        };
        let list = async {
            let mut list = self.page(search, &jql, search.page.as_ref(), &site).await?;
            for _ in 1..MOST_PAGES {
                let Some(next) = list.next.clone().filter(|_| list.rows.is_empty()) else { break };
                list = self.page(search, &jql, Some(&next), &site).await?;
            }
            Ok(list)
        };
        let (mut list, count) = try_join(list, async { Ok::<_, Error>(count.await) }).await?;
        list.about = if counts { count.or(list.about) } else { None };
        if let Whose::Approvals(account) = &search.whose {
            list.rows = self.waiting_for(account, list.rows).await;
        }
        Ok(list)
    }

    async fn page(
        &self,
        search: &Search,
        jql: &str,
        from: Option<&PageToken>,
        site: &SiteFacts,
    ) -> Result<RequestList, Error> {
        let more = self.more_fields.iter().map(|name| (*name).to_owned());
        let slas = site.slas.iter().filter(|_| self.lists_slas).map(CustomFieldId::to_string);
        let (path, body) = question(search, jql, from, site, more.chain(slas));
        let page = self.client.read(Call::Query { path, body: &body }).await;
        let page: RawPage = match page {
            Err(error) if is_gone(search, from, &error) => return Ok(RequestList::default()),
            page => page?,
        };
        let next = match site.deployment {
            Deployment::Cloud => page.next_page_token.as_deref().and_then(PageToken::parse),
            Deployment::DataCenter => {
                page.next_start().and_then(|at| PageToken::parse(&at.to_string()))
            }
        };
        let rows = each::<RawIssue>(page.issues).into_iter();
        let rows = rows.filter_map(|issue| issue.row(site)).filter(|row| row.is_of(search));
        Ok(RequestList { rows: rows.collect(), next, about: page.total })
    }

    /// How many there are is nice to know and no more.
    async fn count(&self, jql: &str) -> Option<u64> {
        let (path, body) = ("/rest/api/3/search/approximate-count", json!({ "jql": jql }));
        let count: Result<RawCount, _> = self.client.read(Call::Query { path, body: &body }).await;
        count.ok().map(|it| it.count)
    }

    /// Rows that say themselves that they wait for somebody's approval: a row of a search does not.
    async fn waiting_for(&self, account: &AccountId, rows: Vec<RequestRow>) -> Vec<RequestRow> {
        let asked = rows.into_iter().map(|row| async move {
            let approvals = self.approvals(&row.key).await.ok()?;
            approvals.iter().any(|approval| approval.waits_for(account)).then_some(row)
        });
        join_all(asked).await.into_iter().flatten().collect()
    }
}

/// JSM refuses to look for an organisation whose name nothing has any more, and for a page that it does not know
/// any more, or that it never gave away.
fn is_gone(search: &Search, from: Option<&PageToken>, error: &Error) -> bool {
    let may_be_gone = matches!(search.whose, Whose::Organization(_)) || from.is_some();
    may_be_gone && error.status() == Some(http::StatusCode::BAD_REQUEST)
}

fn question<'a>(
    search: &Search,
    jql: &str,
    from: Option<&PageToken>,
    site: &SiteFacts,
    more: impl Iterator<Item = String>,
) -> (&'a str, Value) {
    let custom = [Some(site.request_type), site.participants, site.organizations];
    let custom = custom.into_iter().flatten().map(|id| id.to_string());
    let usual = ["summary", "created", "reporter"].map(str::to_owned);
    let fields = usual.into_iter().chain(more).chain(custom).map(Value::from);
    let mut body = Map::from_iter([
        ("jql".to_owned(), json!(jql)),
        ("fields".to_owned(), fields.collect()),
        ("maxResults".to_owned(), json!(search.rows())),
    ]);
    let path = match site.deployment {
        Deployment::Cloud => {
            body.extend(from.map(|token| ("nextPageToken".to_owned(), json!(token.as_str()))));
            let ids = search.just_changed.iter().take(MOST_RECONCILED).map(|id| id.get());
            let ids: Vec<_> = ids.collect();
            body.extend((!ids.is_empty()).then(|| ("reconcileIssues".to_owned(), json!(ids))));
            "/rest/api/3/search/jql"
        }
        Deployment::DataCenter => {
            body.insert("startAt".to_owned(), json!(from.map_or(0, PageToken::start)));
            "/rest/api/2/search"
        }
    };
    (path, Value::Object(body))
}

impl RawPage {
    fn next_start(&self) -> Option<usize> {
        let next = self.start_at? + self.issues.len();
        let total = usize::try_from(self.total?).unwrap_or(usize::MAX);
        (next < total && !self.issues.is_empty()).then_some(next)
    }
}

impl RawIssue {
    /// `None` for what is no request of a portal.
    fn row(mut self, site: &SiteFacts) -> Option<RequestRow> {
        let origin = self.fields.remove(&site.request_type.to_string())?;
        let origin: RawOrigin = serde_json::from_value(origin).ok()?;
        let reporter: Option<RawUser> =
            self.fields.remove("reporter").and_then(|it| serde_json::from_value(it).ok());
        let listed = |id: Option<CustomFieldId>| id.and_then(|id| self.fields.get(&id.to_string()));
        let participants: Vec<RawUser> = each_of(listed(site.participants));
        let organizations: Vec<RawOrganization> = each_of(listed(site.organizations));
        let slas = site.slas.iter().filter_map(|id| self.fields.get(&id.to_string()));
        let slas = slas.filter_map(|it| RawSla::deserialize(it).ok()).map(RawSla::sla);
        let text = |name: &str| self.fields.get(name).and_then(Value::as_str);
        let created = time(text("created")?)?;
        let status = origin.current_status.status();
        let updated = status.since.map_or(created, |since| since.max(created));
        let (request_type, type_name) = origin.request_type.map(|it| (it.id, it.name)).unzip();
        Some(RequestRow {
            priority: priority(&self.fields),
            assignee: person_in(&self.fields, "assignee", site.deployment),
            slas: slas.collect(),
            summary: text("summary").unwrap_or_default().to_owned(),
            key: self.key,
            id: self.id,
            request_type,
            type_name: type_name.unwrap_or_default(),
            status,
            created,
            updated,
            reporter: reporter.unwrap_or_default().person(site.deployment),
            organizations: organizations.into_iter().map(Organization::from).collect(),
            participants: participants.into_iter().map(|it| it.person(site.deployment)).collect(),
        })
    }
}

impl RequestRow {
    /// Whether it is one of those that were looked for, as far as it says itself.
    fn is_of(&self, search: &Search) -> bool {
        let project = self.key.project();
        let at_a_portal = search.portals.iter().any(|portal| portal.project_key == project);
        let of_type =
            search.request_type.is_none_or(|(wanted, _)| self.request_type == Some(wanted));
        let theirs = match &search.whose {
            Whose::Mine(account) => self.reporter.is(account),
            Whose::SharedWithMe(account) => self.participants.iter().any(|it| it.is(account)),
            Whose::Organization(wanted) => self.organizations.iter().any(|it| it.id == wanted.id),
            // Asked for afterwards.
            Whose::Approvals(_) => true,
        };
        at_a_portal && of_type && theirs
    }
}

#[cfg(test)]
mod tests;
