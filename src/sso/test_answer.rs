//! What a service provider would be told after a test login, and what it would say of that. Nothing is sent
//! anywhere. Must not know who asked for the test.

use saml::Id;
use saml::inspect::{self, Expected, ExpectedNameId, Judgement};

use super::vouch::{Subject, Vouched};
use super::waiting::Waiting;
use super::{ServiceProvider, SsoState};
use crate::access::{self, Decision};
use crate::domain::{Identity, ServiceProviderId, ServiceProviderPreset};
use crate::grants::TestAnswer;

impl SsoState {
    /// What a service provider would be told of somebody who has logged in just now; `None` if there is none
    /// of this id.
    pub async fn test_answer(
        &self,
        id: &ServiceProviderId,
        identity: &Identity,
    ) -> Option<TestAnswer> {
        let (to, now) = (self.service_providers.get(id)?, self.now());
        let decision = access::decide(to.rules(), Some(identity), now);
        let answer = TestAnswer {
            decision: decision.as_str().to_owned(),
            rule: decision.rule().to_owned(),
            error: None,
            xml: None,
            judgements: Vec::new(),
        };
        if !matches!(decision, Decision::Allowed(_)) {
            return Some(answer);
        }
        let session_index = Id::from_random(rand::random()).as_str().to_owned();
        let subject = Subject { identity, logged_in: now, session_index: &session_index };
        Some(match self.vouch(subject, to, &Waiting::unasked(None, now)).await {
            Ok(Vouched { xml, key, .. }) => {
                let judgements = judge(to, &xml, key.signing().certificate_der(), now);
                TestAnswer { xml: Some(xml), judgements, ..answer }
            }
            Err(unvouched) => {
                let code = unvouched.problem(to.name(), "/".to_owned()).code();
                let error = Some((code.as_str().to_owned(), unvouched.to_string()));
                TestAnswer { error, ..answer }
            }
        })
    }
}

fn judge(
    to: &ServiceProvider,
    xml: &str,
    certificate_der: &[u8],
    now: u64,
) -> Vec<(String, Result<String, String>)> {
    let judgements = inspect::response(
        xml,
        &Expected {
            issuer: to.entity_id(),
            destination: to.acs_urls().first().map_or("", String::as_str),
            audience: to.audience(),
            in_response_to: None,
            certificate_der,
            name_id: expected_name_id(to.preset()),
            now,
        },
    );
    let judgement = |Judgement { rule, outcome }| (String::from(rule), outcome);
    judgements.into_iter().map(judgement).collect()
}

fn expected_name_id(preset: ServiceProviderPreset) -> ExpectedNameId {
    match preset {
        ServiceProviderPreset::AtlassianAccounts
        | ServiceProviderPreset::AtlassianExternal
        | ServiceProviderPreset::AtlassianPortal => ExpectedNameId::LowerCaseEmail,
        ServiceProviderPreset::JiraDataCenter
        | ServiceProviderPreset::ConfluenceDataCenter
        | ServiceProviderPreset::BitbucketDataCenter
        | ServiceProviderPreset::BambooDataCenter
        | ServiceProviderPreset::Saml => ExpectedNameId::Any,
    }
}
