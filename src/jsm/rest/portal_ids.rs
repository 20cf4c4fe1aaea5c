//! Finding the number in a portal's addresses for each service desk (reference: Atlassian's
//! REST pages "Servicedesk", "Requesttype" and, for Data Center, "Portals").

use std::collections::HashMap;

use percent_encoding::utf8_percent_encode;
use serde::Deserialize as _;

use super::Error;
use super::call::Call;
use super::client::{Client, SEGMENT};
use super::error::known;
use super::listed::Listed;
use super::shapes::{Page, PortalRef, RequestType, ServiceDesk};
use crate::config::Deployment;
use crate::domain::PortalId;

/// Portal id by service desk id.
pub(in crate::jsm) type PortalIds = HashMap<String, PortalId>;

impl Client {
    /// The portal ids of these desks, as far as JSM tells them, and which entries could not be read.
    pub(in crate::jsm) async fn portal_ids(
        &self,
        desks: &[ServiceDesk],
    ) -> Result<(PortalIds, Vec<String>), Error> {
        match self.deployment().await? {
            Deployment::Cloud => self.portal_ids_of_request_types().await,
            Deployment::DataCenter => Ok((self.portal_ids_one_by_one(desks).await?, Vec::new())),
        }
    }

    /// Cloud tells it only together with a desk's request types. One list of all request types
    /// needs one call for fifty of them; one call for each desk would hit the rate limit on a large
    /// site.
    async fn portal_ids_of_request_types(&self) -> Result<(PortalIds, Vec<String>), Error> {
        let types: Listed<RequestType> = self.list("/rest/servicedeskapi/requesttype").await?;
        let told = types.entries.into_iter();
        let told = told.filter_map(|it| Some((it.service_desk_id, it.portal_id?)));
        Ok((told.collect(), types.odd))
    }

    async fn portal_ids_one_by_one(&self, desks: &[ServiceDesk]) -> Result<PortalIds, Error> {
        let mut found = PortalIds::new();
        for desk in desks {
            if let Some(id) = self.portal_id_of(desk).await? {
                found.insert(desk.id.clone(), id);
            }
        }
        Ok(found)
    }

    async fn portal_id_of(&self, desk: &ServiceDesk) -> Result<Option<PortalId>, Error> {
        if let Some(id) = desk.links.portal.as_deref().and_then(portal_id_in) {
            return Ok(Some(id));
        }
        let key = utf8_percent_encode(&desk.project_key, SEGMENT);
        let by_key = format!("/rest/servicedeskapi/portals/project/{key}");
        if let Some(PortalRef { id: Some(id) }) = known(self.read(Call::read(&by_key)).await)? {
            return Ok(Some(id));
        }
        let desk = utf8_percent_encode(&desk.id, SEGMENT);
        let types = format!("/rest/servicedeskapi/servicedesk/{desk}/requesttype");
        let page: Option<Page> = known(self.read(Call::read(&types)).await)?;
        let values = page.map(|page| page.values).unwrap_or_default();
        let mut types = values.into_iter().filter_map(|value| RequestType::deserialize(value).ok());
        Ok(types.find_map(|it| it.portal_id))
    }
}

/// The number in `…/portal/2` or `…/portals/2`. The address is only read, never fetched.
fn portal_id_in(address: &str) -> Option<PortalId> {
    let mut segments = address.split(['?', '#']).next()?.split('/');
    segments.find(|segment| matches!(*segment, "portal" | "portals"))?;
    PortalId::parse(segments.next()?).ok()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://jira.example.com/jira/rest/servicedeskapi/portals/2", Some(2))]
    #[case("https://jira.example.com/servicedesk/customer/portal/12", Some(12))]
    #[case("https://jira.example.com/servicedesk/customer/portal/12?x=/portal/3", Some(12))]
    #[case("https://jira.example.com/servicedesk/customer/portals", None)]
    #[case("https://jira.example.com/portal/zwei", None)]
    fn the_portals_number_is_read_from_its_address(
        #[case] address: &str,
        #[case] expected: Option<u64>,
    ) {
        assert_eq!(portal_id_in(address).map(PortalId::get), expected);
    }
}
