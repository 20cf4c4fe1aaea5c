//! The part of `jsm-gate check` about the forms of hosted portals: which request types cannot be offered
//! there, why, and what to do about it.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use crate::config::{Config, Deployment};
use crate::domain::{Finding, Language, Mode, OrganizationId, Participants, Portal, count};
use crate::jsm::requests::{RequestType, Requests};
use crate::jsm::{Client, Error, RequestLanguage};
use crate::portal::forms::{Cause, Form, Obstacle, Setting};

const ATTACHED_FORM: &str = "a form of Jira's form builder is attached to it, and without its answers \
                             the request would be incomplete";

/// How many forms JSM is asked for at once.
const AT_ONCE: usize = 4;

/// Looks at every form of every hosted portal. `say` tells which portal's turn it is.
pub(super) async fn check(
    config: &Config,
    client: &Client,
    portals: &[Arc<Portal>],
    say: impl Fn(&str),
) -> Vec<Finding> {
    let hosted = |portal: &&Arc<Portal>| portal.mode == Mode::Hosted && !portal.gone;
    let requests = Requests::new(client.clone());
    let mut findings = Vec::new();
    for portal in portals.iter().filter(hosted) {
        say(&format!("asking JSM about the forms of {} …", portal.project_key));
        let subject = format!("hosted {}", portal.project_key);
        let forms = Forms { requests: &requests, portal, subject: &subject, config };
        findings.extend(match forms.findings().await {
            Ok(findings) => findings,
            Err(error) => vec![Finding::failure(&subject, error.to_string(), error.remedy())],
        });
    }
    findings
}

/// The forms of one portal.
struct Forms<'a> {
    requests: &'a Requests,
    portal: &'a Portal,
    subject: &'a str,
    config: &'a Config,
}

impl Forms<'_> {
    async fn findings(&self) -> Result<Vec<Finding>, Error> {
        let deployment = self.requests.client().deployment().await?;
        let language = RequestLanguage::of(Language::En);
        let types = self.requests.request_types(self.portal, &language).await?;
        let each = types.types.iter().map(|it| self.one(it, deployment, &language));
        let found: Vec<_> = stream::iter(each).buffered(AT_ONCE).collect().await;
        let (all, found): (_, Vec<_>) = (found.len(), found.into_iter().flatten().collect());
        if !found.is_empty() {
            return Ok(found);
        }
        let text = format!("every form can be shown: {}", count(all, "request type"));
        Ok(vec![Finding::ok(self.subject, text)])
    }

    /// What is in the way of one request type.
    async fn one(
        &self,
        it: &RequestType,
        deployment: Deployment,
        language: &RequestLanguage,
    ) -> Option<Finding> {
        let called = format!("{:?} ({})", it.name, it.id);
        let fields = match self.requests.fields(self.portal, it.id, language).await {
            Ok(fields) => fields,
            Err(error) => {
                let text = format!("JSM does not tell the form of {called}: {error}");
                return Some(Finding::warning(self.subject, text, error.remedy()));
            }
        };
        let everybodys = OrganizationId::parse("1").ok().map(|id| (id, String::new()));
        let setting = Setting {
            deployment,
            groups: &self.config.hosted.groups,
            organizations: everybodys.as_slice(),
            asks_for_sharing: false,
            names_people: self.config.hosted.participants != Participants::None,
            cascades: &HashMap::new(),
        };
        if self.requests.attached_form(self.portal, it.id).await == Some(true) {
            let text = format!("customers cannot make {called}: {ATTACHED_FORM}");
            let remedy = "take the form off the request type, or ask for the same with fields; until \
                          then customers are told type-unavailable";
            return Some(Finding::warning(self.subject, text, remedy));
        }
        let unavailable = Form::new(&fields.fields, &setting).err()?;
        let text = format!("customers cannot make {called}: {unavailable}");
        Some(Finding::warning(self.subject, text, remedy(&unavailable.0)))
    }
}

fn remedy(obstacles: &[Obstacle]) -> String {
    let mut remedies: Vec<_> = obstacles.iter().map(|obstacle| of_cause(&obstacle.cause)).collect();
    remedies.dedup();
    remedies.join("; ")
}

fn of_cause(cause: &Cause) -> &'static str {
    match cause {
        Cause::NoGroups => "set [hosted] groups, or make the field optional in JSM",
        Cause::NobodyToName => "set [hosted] participants, or make the field optional in JSM",
        Cause::NothingToChoose => "give the field options in JSM, or make it optional there",
        Cause::UnknownType(_) => {
            "in JSM, make the field optional, hide it with a preset value, or use a field of Jira's \
             own; until then customers are told type-unavailable"
        }
    }
}
