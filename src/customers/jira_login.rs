//! Who somebody is to a Jira that has a login of its own, and decides itself what they may do there.

use std::sync::Arc;

use super::entry::Entry;
use super::refusal::Refusal;
use super::{Customer, Customers, Person, is_emergency};
use crate::domain::{Identity, Portal};
use crate::jsm::Error;
use crate::problem::Problem;

impl Customers {
    /// Who somebody is in a JSM that decides itself what they may do there: the account is found, or made
    /// if that is wanted. An account that works in Jira is nobody's here, unless `allow_staff`.
    ///
    /// # Errors
    /// With what to tell them when there is no such account, or when it cannot be found out.
    pub async fn to_log_in(
        &self,
        identity: &Identity,
        allow_staff: bool,
    ) -> Result<Arc<Customer>, Problem> {
        self.account_to_log_in(identity, allow_staff).await.map_err(|refusal| {
            self.refused(identity, None, &refusal);
            refusal.problem(identity, None, "/".to_owned())
        })
    }

    /// The same, on the way into a portal. Whom the configuration lets act at its desk is listed there, and
    /// joins what the rules give. Whether they may use it is for JSM to say.
    ///
    /// # Errors
    /// As for [`Self::to_log_in`].
    pub async fn to_log_in_at(
        &self,
        identity: &Identity,
        portal: &Portal,
        allow_staff: bool,
    ) -> Result<Arc<Customer>, Problem> {
        let customer = self.to_log_in(identity, allow_staff).await?;
        let key = (Person::of(identity), portal.service_desk_id.clone());
        if Entry::of(portal, identity) == Entry::Open && !self.entered.contains_key(&key) {
            // What goes wrong here keeps nobody out of a portal that JSM lets them use.
            drop(self.at(identity, portal).await);
        }
        Ok(customer)
    }

    async fn account_to_log_in(
        &self,
        identity: &Identity,
        allow_staff: bool,
    ) -> Result<Arc<Customer>, Refusal> {
        let known = match self.accounts.find(identity).await {
            Err(Refusal::Missing) if !is_emergency(identity) => self.accounts.make(identity).await,
            found => found,
        }?;
        let account = &known.customer.account;
        if !allow_staff {
            let ask = self.client.is_staff(account, &self.staff_groups);
            let asked = self.staff.try_get_with(account.clone(), ask);
            let is_staff = asked.await.map_err(|error: Arc<Error>| Refusal::unavailable(&error))?;
            if is_staff {
                return Err(Refusal::Staff);
            }
        }
        Ok(Arc::clone(&known.customer))
    }
}
