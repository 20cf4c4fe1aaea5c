//! What somebody answered, and how JSM takes it. Shapes are those of "Field input formats" in
//! Atlassian's documentation of `POST /rest/servicedeskapi/request`.

use std::collections::{BTreeSet, HashMap};

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde_json::{Map, Number, Value, json};

use super::kind::Shape;
use super::mistake::{FieldMistake, Mistake};
use super::{Choice, FieldId, wiki};
use crate::config::Deployment;
use crate::domain::{AccountId, Email, OrganizationId, RequestTypeId};

/// The answer to one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A choice, and the one below it.
    Cascade(Choice, Option<Choice>),
    /// A choice.
    Choice(Choice, Shape),
    /// Several choices.
    Choices(Vec<Choice>, Shape),
    /// A day.
    Date(Date),
    /// A moment, in the customer's zone.
    DateTime(ZonedDateTime),
    /// Files, by the ids that JSM gave them when they were uploaded.
    Files(Vec<String>),
    /// Single words.
    Labels(Vec<String>),
    /// A number.
    Number(Number),
    /// The organisation that the request is shared with.
    Organizations(Vec<OrganizationId>),
    /// People who take part.
    Participants(Vec<Email>),
    /// Several people.
    People(Vec<Email>),
    /// One person.
    Person(Email),
    /// The organisation that the request is shared with once it is made.
    Sharing(OrganizationId),
    /// Text of one line.
    Text(String),
    /// Text of many lines, which JSM reads as its wiki markup.
    WikiText(String),
}

/// The answers to a form's fields; those left open are not among them.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    pub(super) deployment: Deployment,
    pub(super) answers: Vec<(FieldId, Answer)>,
}

/// What goes into the request to JSM.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RequestValues {
    /// `requestFieldValues`
    pub fields: Map<String, Value>,
    /// `requestParticipants`
    pub participants: Vec<AccountId>,
    /// The organisation that the request is shared with once it is made: JSM takes it with a new request
    /// only where the form of its type asks for it.
    pub organization: Option<OrganizationId>,
}

impl RequestValues {
    /// The same without somebody among the participants.
    #[must_use]
    pub fn without_participant(mut self, account: &AccountId) -> Self {
        self.participants.retain(|participant| participant != account);
        self
    }

    /// The body of `POST /rest/servicedeskapi/request`. It always names the customer: without that the
    /// request would be the service account's own.
    #[must_use]
    pub fn body(&self, desk: &str, request_type: RequestTypeId, reporter: &AccountId) -> Value {
        let mut body = json!({
            "serviceDeskId": desk,
            "requestTypeId": request_type,
            "raiseOnBehalfOf": reporter,
            "requestFieldValues": self.fields,
        });
        if let Some(body) = body.as_object_mut().filter(|_| !self.participants.is_empty()) {
            body.insert("requestParticipants".to_owned(), json!(self.participants));
        }
        body
    }
}

impl Answers {
    /// Whose accounts have to be known before JSM can be told.
    #[must_use]
    pub fn people(&self) -> BTreeSet<&Email> {
        self.answers.iter().flat_map(|(_, answer)| answer.people()).collect()
    }

    /// A mistake at every field in which people are named.
    #[must_use]
    pub fn at_people(&self, mistake: &Mistake) -> Vec<FieldMistake> {
        let named = self.answers.iter().filter(|(_, answer)| !answer.people().is_empty());
        let wrong = |(id, _): &(FieldId, Answer)| FieldMistake {
            field: id.clone(),
            control: id.to_string(),
            mistake: mistake.clone(),
        };
        named.map(wrong).collect()
    }

    /// What it is about, for looking the request up when JSM's answer was lost.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.answers.iter().find_map(|(id, answer)| match answer {
            Answer::Text(text) if id.as_str() == "summary" => Some(text.as_str()),
            _ => None,
        })
    }

    /// The JSON. Participants without an account are left out silently, so that nobody learns from it
    /// which addresses JSM knows.
    ///
    /// # Errors
    /// When a field for people has an address without an account.
    pub fn values(
        &self,
        accounts: &HashMap<Email, AccountId>,
    ) -> Result<RequestValues, Vec<FieldMistake>> {
        let mut values = RequestValues::default();
        let mut mistakes = Vec::new();
        for (id, answer) in &self.answers {
            match answer {
                Answer::Participants(emails) => {
                    let known = emails.iter().filter_map(|email| accounts.get(email).cloned());
                    values.participants = known.collect();
                }
                Answer::Sharing(organization) => values.organization = Some(*organization),
                answer => match answer.json(self.deployment, accounts) {
                    Ok(value) => drop(values.fields.insert(id.to_string(), value)),
                    Err(mistake) => {
                        let control = id.to_string();
                        mistakes.push(FieldMistake { field: id.clone(), control, mistake });
                    }
                },
            }
        }
        if mistakes.is_empty() { Ok(values) } else { Err(mistakes) }
    }
}

impl Answer {
    fn people(&self) -> &[Email] {
        match self {
            Self::Person(one) => std::slice::from_ref(one),
            Self::Participants(all) | Self::People(all) => all,
            _ => &[],
        }
    }

    fn json(
        &self,
        deployment: Deployment,
        accounts: &HashMap<Email, AccountId>,
    ) -> Result<Value, Mistake> {
        let person = |email: &Email| person(email, deployment, accounts);
        Ok(match self {
            Self::Cascade(parent, None) => json!({ "id": parent.id }),
            Self::Cascade(parent, Some(child)) => {
                json!({ "id": parent.id, "child": { "id": child.id } })
            }
            Self::Choice(choice, shape) => shaped(choice, *shape),
            Self::Choices(choices, shape) => {
                choices.iter().map(|choice| shaped(choice, *shape)).collect()
            }
            Self::Date(date) => json!(date.to_string()),
            // Milliseconds, and an offset without a colon.
            Self::DateTime(moment) => {
                json!(moment.strftime("%Y-%m-%dT%H:%M:%S.000%z").to_string())
            }
            Self::Files(ids) => json!(ids),
            Self::Labels(labels) => json!(labels),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Organizations(ids) => ids.iter().map(|id| id.get()).collect(),
            Self::Participants(emails) | Self::People(emails) => {
                emails.iter().map(person).collect::<Result<_, _>>()?
            }
            Self::Person(email) => person(email)?,
            Self::Sharing(id) => json!(id.get()),
            Self::Text(text) => json!(text),
            Self::WikiText(text) => json!(wiki::harmless(text)),
        })
    }
}

fn shaped(choice: &Choice, shape: Shape) -> Value {
    match shape {
        Shape::Id => json!({ "id": choice.id }),
        Shape::Name => json!({ "name": choice.label }),
    }
}

fn person(
    email: &Email,
    deployment: Deployment,
    accounts: &HashMap<Email, AccountId>,
) -> Result<Value, Mistake> {
    let unusable = || Mistake::PersonUnusable { email: email.as_str().to_owned() };
    let account = accounts.get(email).ok_or_else(unusable)?.as_str();
    Ok(match deployment {
        Deployment::Cloud => json!({ "accountId": account }),
        Deployment::DataCenter => json!({ "name": account }),
    })
}
