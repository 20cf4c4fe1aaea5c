//! Accounts: found by exact address, looked at by id, made.

use http::StatusCode;
use serde_json::{Value, json};

use super::shapes::{CustomerAccount, User, accounts};
use crate::config::Deployment;
use crate::domain::{AccountId, Email};
use crate::jsm::rest::{Call, Change, Client, Error};

/// JSM's search matches beginnings, so an address may bring more people than it belongs to.
const MOST_FOUND: &str = "100";

/// Whose an address is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FoundAccount {
    /// One account has exactly this address. It may be one that is switched off.
    One(CustomerAccount),
    /// JSM shows none.
    None,
    /// Several accounts have it.
    Several,
    /// JSM found somebody by it and hides whose address that is.
    Hidden,
}

/// What came of making an account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum CreatedAccount {
    /// It was made.
    Made(CustomerAccount),
    /// JSM has one with this address.
    Exists,
    /// The service account may not make accounts.
    NotAllowed,
}

impl Client {
    /// Finds the account with exactly this address.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn find_account(&self, email: &Email) -> Result<FoundAccount, Error> {
        let deployment = self.deployment().await?;
        let path = self.platform("user/search").await?;
        let text = email.as_str().to_owned();
        let most = ("maxResults", MOST_FOUND.to_owned());
        let query = match deployment {
            Deployment::Cloud => vec![("query", text), most],
            Deployment::DataCenter => {
                vec![("username", text), most, ("includeInactive", "true".to_owned())]
            }
        };
        let found: Vec<Value> = self.read(Call::Read { path: &path, query: &query }).await?;
        Ok(FoundAccount::among(accounts(found, deployment), email))
    }

    /// One account; `None` when JSM has none of this id. Where the service account may not look at people,
    /// it is taken to be there: JSM refuses what is done for one that is not.
    ///
    /// # Errors
    /// When there is no usable answer.
    pub async fn account(&self, id: &AccountId) -> Result<Option<CustomerAccount>, Error> {
        let deployment = self.deployment().await?;
        let path = self.platform("user").await?;
        let name = match deployment {
            Deployment::Cloud => "accountId",
            Deployment::DataCenter => "username",
        };
        let query = [(name, id.to_string())];
        match self.read::<User>(Call::Read { path: &path, query: &query }).await {
            Ok(user) => Ok(user.into_account(deployment)),
            // Whoever may not look at people is told that there is nobody.
            Err(error) if matches!(error.status(), Some(StatusCode::NOT_FOUND)) => {
                let may_look = self.rights().await?.browses_users;
                Ok((!may_look).then(|| CustomerAccount::taken_to_be_there(id)))
            }
            Err(error) if error.status() == Some(StatusCode::FORBIDDEN) => {
                Ok(Some(CustomerAccount::taken_to_be_there(id)))
            }
            Err(error) => Err(error),
        }
    }

    /// Makes the account of a customer, without a mail to them.
    ///
    /// # Errors
    /// When there is no usable answer. It may have been made then.
    pub async fn create_account(&self, email: &Email, name: &str) -> Result<CreatedAccount, Error> {
        let deployment = self.deployment().await?;
        let (path, body) = match deployment {
            Deployment::Cloud => (
                "/rest/servicedeskapi/customer?strictConflictStatusCode=true",
                json!({ "displayName": name, "email": email }),
            ),
            Deployment::DataCenter => {
                ("/rest/servicedeskapi/customer", json!({ "fullName": name, "email": email }))
            }
        };
        match self.change::<User>(Change::Post, path, &body).await {
            Ok(user) => {
                let account = user.into_account(deployment);
                let call = format!("POST {path}");
                let problem = "it does not say which account it made".to_owned();
                let account = account.ok_or(Error::NotUnderstood { call, problem })?;
                Ok(CreatedAccount::Made(account))
            }
            Err(error) => match error.status() {
                // Data Center, and Cloud where the flag is not known, say 400 for one that is there.
                Some(StatusCode::CONFLICT | StatusCode::BAD_REQUEST) => Ok(CreatedAccount::Exists),
                Some(StatusCode::FORBIDDEN) => Ok(CreatedAccount::NotAllowed),
                _ => Err(error),
            },
        }
    }
}

impl FoundAccount {
    /// Of the people whom a search for an address brings, the one whose it is.
    fn among(found: Vec<CustomerAccount>, email: &Email) -> Self {
        let hides_some = found.iter().any(|account| account.email.is_none());
        let theirs: Vec<_> =
            found.into_iter().filter(|account| account.email.as_ref() == Some(email)).collect();
        let mut active = theirs.iter().filter(|account| account.active);
        match (active.next(), active.next(), theirs.first()) {
            (Some(_), Some(_), _) => Self::Several,
            (Some(one), None, _) => Self::One(one.clone()),
            (None, _, Some(inactive)) => Self::One(inactive.clone()),
            (None, _, None) if hides_some => Self::Hidden,
            (None, _, None) => Self::None,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn found(json: Value, deployment: Deployment) -> FoundAccount {
        let Value::Array(values) = json else { panic!("no list") };
        FoundAccount::among(accounts(values, deployment), &email())
    }

    fn email() -> Email {
        Email::parse("ann@example.com").unwrap()
    }

    fn ann(more: Value) -> Value {
        let mut ann = json!({
            "accountId": "5b10", "name": "ann", "emailAddress": "Ann@Example.com",
            "displayName": "Ann", "active": true, "accountType": "customer"
        });
        let Value::Object(more) = more else { panic!("no object") };
        ann.as_object_mut().unwrap().extend(more);
        ann
    }

    #[rstest]
    #[case(Deployment::Cloud, "5b10")]
    #[case(Deployment::DataCenter, "ann")]
    fn an_account_is_found_by_its_whole_address(#[case] on: Deployment, #[case] id: &str) {
        let near = ann(json!({
            "accountId": "6c20", "name": "other", "emailAddress": "ann@example.com.au"
        }));
        let FoundAccount::One(account) = found(json!([near, ann(json!({}))]), on) else {
            panic!("not found")
        };
        assert_eq!((account.id.as_str(), account.name.as_str()), (id, "Ann"));
        assert_eq!(found(json!([near]), on), FoundAccount::None, "a beginning is no address");
    }

    #[test]
    fn p17_two_accounts_with_one_address_are_not_told_apart() {
        let two = json!([ann(json!({})), ann(json!({ "accountId": "6c20" }))]);
        assert_eq!(found(two, Deployment::Cloud), FoundAccount::Several);
    }

    #[test]
    fn of_two_with_one_address_the_one_in_use_counts() {
        let one = json!([ann(json!({ "active": false })), ann(json!({ "accountId": "6c20" }))]);
        let FoundAccount::One(account) = found(one, Deployment::Cloud) else { panic!("not found") };
        assert_eq!(account.id.as_str(), "6c20");
        let off = found(json!([ann(json!({ "active": false }))]), Deployment::Cloud);
        assert!(matches!(off, FoundAccount::One(account) if !account.active));
    }

    #[rstest]
    #[case::missing(json!({ "emailAddress": null }))]
    #[case::empty(json!({ "emailAddress": "" }))]
    #[case::masked(json!({ "emailAddress": "ann at example dot com" }))]
    fn an_address_that_jsm_hides_is_not_guessed(#[case] hides: Value) {
        let hidden = found(json!([ann(hides)]), Deployment::Cloud);
        assert_eq!(hidden, FoundAccount::Hidden);
    }

    #[rstest]
    #[case::app(json!([ann(json!({ "accountType": "app" }))]))]
    #[case::odd(json!([{ "emailAddress": 5 }, ann(json!({ "accountId": "a b" })), null]))]
    #[case::nobody(json!([]))]
    fn programs_and_what_cannot_be_read_are_nobody(#[case] list: Value) {
        assert_eq!(found(list, Deployment::Cloud), FoundAccount::None);
    }
}
