//! A test login: the address to open, and what came of it once somebody has logged in there. Must not know how
//! that is shown.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::AsyncWrite;
use tokio::time::timeout;

use super::{ControlAnswer, REQUEST_TIMEOUT, saml, write_answer};
use crate::auth::Provider;
use crate::config::AttributeMap;
use crate::domain::ProviderId;
use crate::grants::{TEST_LOGIN_TIMEOUT, TestReport, TestWish};
use crate::server::Assembly;

/// Which login is tested.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TestLoginRequest {
    /// The provider to log in at.
    pub provider: String,
    /// The service provider that would be told, if that is of interest.
    pub service_provider: Option<String>,
}

/// The result of a test login, with what is needed to read it.
#[derive(Debug, Deserialize, Serialize)]
pub struct Tested {
    /// The result.
    pub report: TestReport,
    /// Which claim fills which attribute.
    pub attributes: AttributeMap,
    /// What the links of portals begin with.
    pub public_url: String,
}

/// Answers where to log in, and waits for the result.
pub(super) async fn answer(
    assembly: &Assembly,
    request: &TestLoginRequest,
    writing: &mut (impl AsyncWrite + Unpin),
) -> io::Result<ControlAnswer> {
    let wish = match wish(assembly, request).await {
        Ok(wish) => wish,
        Err(why) => return Ok(ControlAnswer::Refused(why)),
    };
    let provider = wish.provider.clone();
    let Some((path, report)) = assembly.tests().start(wish) else {
        return Ok(ControlAnswer::Refused("too many test logins are open; end some".to_owned()));
    };
    let address = assembly.config().gate.public_url.join(&path);
    write_answer(writing, &ControlAnswer::Open(address)).await?;
    Ok(match timeout(TEST_LOGIN_TIMEOUT, report).await {
        Ok(Ok(report)) => tested(assembly, &provider, report),
        _ => ControlAnswer::Refused("nobody logged in by the link within ten minutes".to_owned()),
    })
}

/// What the request names, once its provider can be used.
async fn wish(assembly: &Assembly, request: &TestLoginRequest) -> Result<TestWish, String> {
    let TestLoginRequest { provider, service_provider } = request;
    let known = ProviderId::parse(provider).ok();
    let known = known.filter(|id| assembly.authenticator().provider(id).is_some());
    let Some(provider) = known else {
        let authenticator = assembly.authenticator();
        let known: Vec<_> = authenticator.providers().iter().map(|it| it.id().as_str()).collect();
        let known = known.join(", ");
        return Err(format!("the running gate has no provider {provider:?}; known are {known}"));
    };
    let config = assembly.config();
    let found = service_provider.as_ref().map(|id| saml::find(&config, id)).transpose()?;
    until_ready(assembly, &provider)
        .await
        .map_err(|reason| format!("provider {provider} cannot be used: {reason}"))?;
    Ok(TestWish { provider, service_provider: found.map(|it| it.id.clone()) })
}

fn tested(assembly: &Assembly, id: &ProviderId, report: TestReport) -> ControlAnswer {
    let config = assembly.config();
    let attributes = config.providers.iter().find(|provider| provider.id == *id);
    let attributes = attributes.map(|provider| provider.attributes.clone()).unwrap_or_default();
    let public_url = config.gate.public_url.origin().to_owned();
    ControlAnswer::Tested(Box::new(Tested { report, attributes, public_url }))
}

/// A gate that has just started asks its providers first.
async fn until_ready(assembly: &Assembly, id: &ProviderId) -> Result<(), String> {
    let ready = async {
        loop {
            let authenticator = assembly.authenticator();
            if authenticator.provider(id).is_some_and(Provider::is_ready) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(REQUEST_TIMEOUT, ready).await.map_err(|_| {
        let authenticator = assembly.authenticator();
        let error = authenticator.provider(id).and_then(Provider::last_error);
        error.unwrap_or_else(|| "it does not answer".to_owned())
    })
}
