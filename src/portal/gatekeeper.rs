//! The one place that decides what a customer sees of JSM. The service account may read everything, so
//! whatever a page shows was proved here, from what JSM tells, to be that customer's to see.
//!
//! What was proved is a [`Visible`], which only this file makes; everything that belongs to a request is
//! reached through one. What there is not and what somebody may not see is one and the same problem.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use crate::domain::{
    AccountId, AttachmentId, OrganizationId, OrganizationRequests, Portal, RequestKey,
    RequestTypeId,
};
use crate::jsm::requests::{
    Attachment, Conversation, FieldsAnswer, FileKind, Group, Known, Organization, Request,
    RequestList, RequestType, RequestTypes, Requests, Search, Sla, Transition, Whose,
};
use crate::jsm::{ByteRange, Download, Error, RequestLanguage};
use crate::problem::Problem;

/// What somebody may see, because it was proved for them.
#[derive(Clone, Debug)]
pub struct Visible<T>(T);

impl<T> Deref for Visible<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Somebody who asks at a portal that is open to them.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// Whose account in JSM acts.
    pub account: &'a AccountId,
    /// The organisations they are in, as JSM tells.
    pub organizations: &'a [Organization],
    /// The portal.
    pub portal: &'a Portal,
    /// In which language.
    pub language: &'a RequestLanguage,
}

/// Decides what customers see.
#[derive(Debug)]
pub struct Gatekeeper {
    requests: Requests,
    organization_requests: OrganizationRequests,
}

/// Whose requests a list is to have.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Wanted {
    /// The customer's own.
    #[default]
    Mine,
    /// Those of others in which they take part.
    SharedWithMe,
    /// Those that are shared with one of their organisations.
    Organization(OrganizationId),
    /// Those that wait for their approval.
    Approvals,
}

/// A request that somebody may see, and what they may do with it.
#[derive(Clone, Debug)]
pub struct SeenRequest {
    request: Arc<Request>,
    /// Whether they may reply; members of an organisation may be allowed to read only.
    pub may_reply: bool,
}

impl Deref for SeenRequest {
    type Target = Request;

    fn deref(&self) -> &Request {
        &self.request
    }
}

/// The request types of a portal that somebody may use.
#[derive(Clone, Debug)]
pub struct Offer {
    types: Known<RequestTypes>,
    usable: Known<HashSet<RequestTypeId>>,
}

impl Offer {
    /// Every group in which there is something for them.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.types.groups.iter().filter(|group| self.of_group(group).next().is_some())
    }

    /// What there is for them in a group.
    pub fn of_group<'a>(&'a self, group: &Group) -> impl Iterator<Item = &'a RequestType> {
        self.types.of_group(group.id).filter(|it| self.usable.contains(&it.id))
    }

    /// All that there is for them.
    pub fn types(&self) -> impl Iterator<Item = &RequestType> {
        self.types.types.iter().filter(|it| self.usable.contains(&it.id))
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: RequestTypeId) -> Option<&RequestType> {
        self.types.get(id).filter(|it| self.usable.contains(&it.id))
    }

    /// Whether JSM does not answer, and this is what it said before.
    #[must_use]
    pub fn is_old(&self) -> bool {
        self.types.is_old || self.usable.is_old
    }
}

impl Gatekeeper {
    /// Asks JSM by `requests`.
    #[must_use]
    pub fn new(requests: Requests, organization_requests: OrganizationRequests) -> Self {
        Self { requests, organization_requests }
    }

    /// What the portal offers to somebody.
    ///
    /// # Errors
    /// When JSM does not tell and did not tell before.
    pub async fn offer(&self, asking: Asking<'_>) -> Result<Visible<Offer>, Problem> {
        let types = self.requests.request_types(asking.portal, asking.language).await;
        let types = types.map_err(Error::into_problem)?;
        let organizations: Vec<_> = asking.organizations.iter().map(|it| it.id).collect();
        let usable =
            self.requests.usable_types(asking.portal, &types, asking.account, &organizations);
        let usable = usable.await.map_err(Error::into_problem)?;
        Ok(Visible(Offer { types, usable }))
    }

    /// The fields of a request type that somebody may use.
    ///
    /// # Errors
    /// When they may not, or JSM does not tell and did not tell before.
    pub async fn fields(
        &self,
        asking: Asking<'_>,
        id: RequestTypeId,
    ) -> Result<Visible<Known<FieldsAnswer>>, Problem> {
        let offer = self.offer(asking).await?;
        if offer.get(id).is_none() {
            return Err(Problem::NotFound);
        }
        let fields = self.requests.fields(asking.portal, id, asking.language).await;
        fields.map(Visible).map_err(Error::into_problem)
    }

    /// A page of somebody's requests at these portals, each of which is open to them. Whose requests
    /// `search` looks for is overwritten.
    ///
    /// # Errors
    /// When they are not in the organisation, or JSM does not answer.
    pub async fn list(
        &self,
        account: &AccountId,
        organizations: &[Organization],
        wanted: Wanted,
        search: Search,
    ) -> Result<Visible<RequestList>, Problem> {
        let whose = self.whose(account, organizations, wanted).ok_or(Problem::NotFound)?;
        let list = self.requests.search(&Search { whose, ..search }).await;
        list.map(Visible).map_err(Error::into_problem)
    }

    /// A request that somebody may see, as it was at most seconds ago.
    ///
    /// # Errors
    /// When there is none by that key for them, or JSM does not answer.
    pub async fn request(
        &self,
        asking: Asking<'_>,
        key: &RequestKey,
    ) -> Result<Visible<SeenRequest>, Problem> {
        // Another portal's, whatever it is: JSM is not asked.
        if key.project() != asking.portal.project_key {
            return Err(Problem::NotFound);
        }
        let request = self.requests.request(key, asking.language).await;
        let request = request.map_err(Error::into_problem)?.ok_or(Problem::NotFound)?;
        self.prove(asking, request).ok_or(Problem::NotFound)
    }

    /// The same as JSM tells it now, for whoever is about to change something.
    ///
    /// # Errors
    /// When there is none by that key for them, or JSM does not answer.
    pub async fn request_now(
        &self,
        asking: Asking<'_>,
        key: &RequestKey,
    ) -> Result<Visible<SeenRequest>, Problem> {
        if key.project() == asking.portal.project_key {
            self.requests.changed(key);
        }
        self.request(asking, key).await
    }

    /// What is said in a request, and its files.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn conversation(
        &self,
        request: &Visible<SeenRequest>,
    ) -> Result<Visible<Arc<Conversation>>, Problem> {
        let conversation = self.requests.conversation(&request.request).await;
        conversation.map(Visible).map_err(Error::into_problem)
    }

    /// What JSM offers to customers to do with a request; nothing to whoever may only read it.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn transitions(
        &self,
        asking: Asking<'_>,
        request: &Visible<SeenRequest>,
    ) -> Result<Vec<Transition>, Problem> {
        if !request.may_reply {
            return Ok(Vec::new());
        }
        let transitions = self.requests.transitions(&request.request, asking.language).await;
        transitions.map_err(Error::into_problem)
    }

    /// The agreed times of a request.
    ///
    /// # Errors
    /// When JSM does not answer.
    pub async fn slas(
        &self,
        asking: Asking<'_>,
        request: &Visible<SeenRequest>,
    ) -> Result<Vec<Sla>, Problem> {
        let slas = self.requests.slas(&request.request, asking.language).await;
        slas.map_err(Error::into_problem)
    }

    /// A file of a request that customers see.
    ///
    /// # Errors
    /// When there is none of that id among them, or JSM does not answer.
    pub async fn file(
        &self,
        request: &Visible<SeenRequest>,
        id: AttachmentId,
    ) -> Result<Visible<Attachment>, Problem> {
        let conversation = self.conversation(request).await?;
        conversation.file(id).cloned().map(Visible).ok_or(Problem::NotFound)
    }

    /// Opens a file.
    ///
    /// # Errors
    /// When JSM does not give it.
    pub async fn open(
        &self,
        file: &Visible<Attachment>,
        kind: FileKind,
        range: Option<&ByteRange>,
    ) -> Result<Download, Problem> {
        let opened = self.requests.open(file, kind, range).await;
        opened.map_err(|error| match error.status() {
            Some(http::StatusCode::NOT_FOUND) => Problem::NotFound,
            _ => error.into_problem(),
        })
    }

    /// Somebody changed a request: what was read of it before is not shown again, to nobody.
    pub fn changed(&self, request: &Visible<SeenRequest>) {
        self.requests.changed(&request.key);
    }

    /// Somebody raised a request, or joined or left: what they may do is asked for again.
    pub async fn rights_changed(&self, asking: Asking<'_>) {
        self.requests.forget_rights(asking.portal, asking.account).await;
    }

    fn whose(
        &self,
        account: &AccountId,
        organizations: &[Organization],
        wanted: Wanted,
    ) -> Option<Whose> {
        Some(match wanted {
            Wanted::Mine => Whose::Mine(account.clone()),
            Wanted::SharedWithMe => Whose::SharedWithMe(account.clone()),
            Wanted::Approvals => Whose::Approvals(account.clone()),
            Wanted::Organization(id) => {
                let shown = self.organization_requests != OrganizationRequests::None;
                let theirs = organizations.iter().filter(|_| shown).find(|it| it.id == id)?;
                Whose::Organization(theirs.clone())
            }
        })
    }

    /// The rule of JSM's own portal (confluence.atlassian.com/jirakb 1157182061): it is a request, it is
    /// of a portal that is open to them, and they have to do with it.
    fn prove(&self, asking: Asking<'_>, request: Arc<Request>) -> Option<Visible<SeenRequest>> {
        let Asking { account, organizations, portal, .. } = asking;
        let is_of_portal = request.key.project() == portal.project_key
            && request.service_desk_id == portal.service_desk_id;
        let organizations: Vec<_> = organizations.iter().map(|it| it.id).collect();
        let of = |at_least| {
            if self.organization_requests >= at_least { organizations.as_slice() } else { &[] }
        };
        let sees = request.involves(account, of(OrganizationRequests::Read));
        let may_reply = request.involves(account, of(OrganizationRequests::Comment));
        (is_of_portal && sees).then(|| Visible(SeenRequest { request, may_reply }))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::config::{Deployment, JsmConfig};
    use crate::jsm::Client;
    use crate::jsm::requests::samples::{account, portal, request};

    /// Asks a JSM that nobody runs: whoever asks it gets no answer.
    fn gatekeeper(organization_requests: OrganizationRequests) -> Gatekeeper {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url: url::Url = "http://127.0.0.1:9".parse().unwrap();
        let config = JsmConfig {
            url: url.clone(),
            deployment: Some(Deployment::DataCenter),
            email: None,
            api_token: "x".to_owned().into(),
            refresh: std::time::Duration::from_mins(5),
            timeout: std::time::Duration::from_secs(1),
            concurrency: 1,
            ca_file: None,
            cloud_api_url: url,
        };
        Gatekeeper::new(Requests::new(Client::new(&config).unwrap()), organization_requests)
    }

    fn organization(id: &str) -> Organization {
        Organization { id: OrganizationId::parse(id).unwrap(), name: "Acme".to_owned() }
    }

    /// Who asks, as a member of organisation 3.
    fn seen(who: &str, portal: &Portal, rule: OrganizationRequests) -> Option<bool> {
        let language = RequestLanguage::parse("en").unwrap();
        let organizations = [organization("3")];
        let account = account(who);
        let asking = Asking {
            account: &account,
            organizations: &organizations,
            portal,
            language: &language,
        };
        let seen = gatekeeper(rule).prove(asking, Arc::new(request()))?;
        Some(seen.may_reply)
    }

    #[rstest]
    #[case::none(OrganizationRequests::None, None)]
    #[case::read(OrganizationRequests::Read, Some(false))]
    #[case::comment(OrganizationRequests::Comment, Some(true))]
    fn members_of_an_organisation_see_what_the_rule_lets_them_see(
        #[case] rule: OrganizationRequests,
        #[case] expected: Option<bool>,
    ) {
        assert_eq!(seen("eve", &portal("IT"), rule), expected);
    }

    #[rstest]
    #[case::reporter("ann")]
    #[case::participant("bob")]
    #[case::approver("cem")]
    fn whom_a_request_names_sees_it_whatever_the_rule(#[case] who: &str) {
        assert_eq!(seen(who, &portal("IT"), OrganizationRequests::None), Some(true));
    }

    #[test]
    fn p20_a_request_of_another_desk_is_not_there() {
        let it = portal("IT");
        let elsewhere = Portal { service_desk_id: "13".to_owned(), ..it.clone() };
        assert_eq!(seen("ann", &it, OrganizationRequests::None), Some(true));
        assert_eq!(seen("ann", &elsewhere, OrganizationRequests::None), None);
        assert_eq!(seen("ann", &portal("HR"), OrganizationRequests::None), None);
    }

    #[tokio::test]
    async fn p20_jsm_is_not_even_asked_for_a_key_of_another_portal() {
        let (portal, language) = (portal("IT"), RequestLanguage::parse("en").unwrap());
        let ann = account("ann");
        let asking =
            Asking { account: &ann, organizations: &[], portal: &portal, language: &language };
        let gatekeeper = gatekeeper(OrganizationRequests::None);
        let ask = async |key| {
            gatekeeper.request(asking, &RequestKey::parse(key).unwrap()).await.unwrap_err()
        };
        assert_eq!(ask("HR-1").await, Problem::NotFound);
        assert_eq!(ask("IT-1").await, Problem::UpstreamUnreachable, "this one is asked for");
    }

    #[test]
    fn p16_a_list_is_of_ones_own_organisation() {
        let whose = |rule, id| {
            let wanted = Wanted::Organization(OrganizationId::parse(id).unwrap());
            gatekeeper(rule).whose(&account("ann"), &[organization("3")], wanted)
        };
        let acme = Some(Whose::Organization(organization("3")));
        assert_eq!(whose(OrganizationRequests::Read, "3"), acme);
        assert_eq!(whose(OrganizationRequests::Read, "4"), None);
        assert_eq!(whose(OrganizationRequests::None, "3"), None);
    }
}
