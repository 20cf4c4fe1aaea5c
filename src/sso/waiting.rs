//! A service provider's request that waits until somebody has logged in. It travels in the address that the
//! login comes back to, sealed, so that strangers cost the gate no memory. Must not know how somebody logs in.

mod text;

use saml::RequestId;
use saml::authn_request::AuthnRequest;
use url::form_urlencoded;

use self::text::short;
use super::{ServiceProvider, authn_context};
use crate::access::{self, Decision};
use crate::domain::{AccessRules, ServiceProviderId, ShortOf};
use crate::reading::Target;
use crate::session::{Sealer, Session, short_digest};

/// How long a request can be answered, in seconds: long enough for a login that is begun again after lunch.
/// By then most service providers have forgotten it, and say so.
const LASTS: u64 = 60 * 60;

/// How far the clock of the gate that sealed a request may be ahead, in seconds.
const CLOCK_TOLERANCE: u64 = 300;

/// The parameter of the address that has the request.
const PARAMETER: &str = "request";

/// How many bytes RelayState and the classes that are asked for may have together, so that the longest
/// RelayState leaves room for an ordinary class.
const ROOM: usize = saml::RELAY_STATE_BYTES + 64;

/// What a service provider wants to be told, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Waiting {
    /// The request; `None` where nobody has asked and the gate begins.
    pub(super) id: Option<RequestId>,
    /// A digest of the address where the answer is wanted; `None` for the first. By its place in the list it
    /// would be another one after a change of the configuration.
    acs: Option<String>,
    /// The person has to prove anew who they are.
    pub(super) force_authn: bool,
    /// Of which classes the login has to be one; none if any login will do.
    pub(super) authn_context: Vec<String>,
    /// The session that the browser had when it arrived, by its short name: it is not the new one.
    session: Option<String>,
    /// What goes back with the answer, byte for byte.
    pub(super) relay_state: Option<String>,
    /// Unix seconds of its arrival.
    pub(super) arrived: u64,
}

/// Why an address has no request that can be answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub(super) enum NoRequest {
    /// The gate did not seal it, or not for this service provider.
    #[error("the address has no request that the gate has taken")]
    Foreign,
    /// It has waited for too long.
    #[error("the request has waited for more than an hour")]
    Old,
}

/// A request asks for more than an address has room for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("RequestedAuthnContext and RelayState are too long together")]
pub(super) struct TooLong;

impl Waiting {
    /// A request that has just arrived from a browser with this session.
    pub(super) fn asked(
        request: AuthnRequest,
        session: Option<&Session>,
        now: u64,
    ) -> Result<Self, TooLong> {
        let AuthnRequest { id, acs_url, force_authn, authn_context, relay_state, .. } = request;
        let classes: usize = authn_context.iter().map(|class| short(class).len() + 1).sum();
        let state = relay_state.as_ref().map_or(0, String::len);
        if classes + state > ROOM {
            return Err(TooLong);
        }
        let session = session.filter(|_| force_authn).map(|session| session.key().to_string());
        let (id, acs) = (Some(id), Some(short_digest(&acs_url)));
        Ok(Self { id, acs, force_authn, authn_context, session, relay_state, arrived: now })
    }

    /// What nobody has asked for: the person is sent to the service provider with this state.
    pub(super) fn unasked(relay_state: Option<String>, now: u64) -> Self {
        let (force_authn, authn_context) = (false, Vec::new());
        let (id, acs, session) = (None, None, None);
        Self { id, acs, force_authn, authn_context, session, relay_state, arrived: now }
    }

    /// The address where the answer is wanted; `None` if it is no longer one of the service provider's.
    pub(super) fn acs_at<'a>(&self, to: &'a ServiceProvider) -> Option<&'a str> {
        let is_it = |url: &&String| self.acs.as_ref().is_none_or(|acs| short_digest(url) == *acs);
        to.acs_urls().iter().find(is_it).map(String::as_str)
    }

    /// Where on the gate it is answered.
    pub(super) fn address_at(&self, id: &ServiceProviderId, sealer: &Sealer) -> Option<String> {
        let token = url_safe(&sealer.seal(&purpose(id), &self.to_string())?);
        Some(format!("/_gate/saml/{id}/answer?{PARAMETER}={token}"))
    }

    /// The request in the query of such an address.
    pub(super) fn read(
        query: &str,
        to: &ServiceProviderId,
        sealer: &Sealer,
        now: u64,
    ) -> Result<Self, NoRequest> {
        let mut fields = form_urlencoded::parse(query.as_bytes());
        let token = fields.find(|(name, _)| name == PARAMETER).ok_or(NoRequest::Foreign)?.1;
        let text = sealer.open(&purpose(to), &standard(&token)).ok_or(NoRequest::Foreign)?;
        let waiting = Self::parse(&text).ok_or(NoRequest::Foreign)?;
        let lasts = waiting.arrived.saturating_add(LASTS) > now
            && waiting.arrived <= now.saturating_add(CLOCK_TOLERANCE);
        lasts.then_some(waiting).ok_or(NoRequest::Old)
    }

    /// The rules for whoever is to be vouched for. What the request asks of the login is added to what the
    /// configuration does.
    pub(super) fn rules(&self, to: &ServiceProvider) -> AccessRules {
        let mut rules = AccessRules::clone(to.rules());
        if self.force_authn {
            rules.demand.since = Some(self.arrived);
        }
        rules.demand.authn_context = authn_context::demanded(&self.authn_context).to_vec();
        rules
    }

    /// Whether the person of a session may be vouched for.
    pub(super) fn decide(
        &self,
        to: &ServiceProvider,
        session: Option<&Session>,
        now: u64,
    ) -> Decision {
        let Some(session) = session else { return Decision::LoginNeeded };
        match access::decide(&self.rules(to), Some(&session.identity), now) {
            // By their clocks, provider and gate may take a login of just now for one of just before.
            Decision::Allowed(_) if self.session == Some(session.key().to_string()) => {
                Decision::StepUpNeeded(ShortOf::Age)
            }
            decision => decision,
        }
    }
}

/// The service provider that an address on the gate answers, by its path.
pub(super) fn service_provider_of(target: &Target) -> Option<ServiceProviderId> {
    let id = target.path().strip_prefix("/_gate/saml/")?.strip_suffix("/answer")?;
    ServiceProviderId::parse(id).ok()
}

/// What a request is sealed for, so that it opens for no other service provider.
fn purpose(id: &ServiceProviderId) -> String {
    format!("saml-request-{id}")
}

/// Base64 without the characters that mean something in addresses.
fn url_safe(sealed: &str) -> String {
    sealed.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn standard(sealed: &str) -> String {
    let padding = "=".repeat(sealed.len().wrapping_neg() % 4);
    format!("{}{padding}", sealed.replace('-', "+").replace('_', "/"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use secrecy::SecretString;

    use super::*;
    use crate::auth::{LONGEST_ANSWER, ReturnTo};

    const NOW: u64 = 1_800_000_000;

    fn sealer() -> Sealer {
        Sealer::new(&[SecretString::from("s".repeat(32))])
    }

    fn id(text: &str) -> ServiceProviderId {
        ServiceProviderId::parse(text).unwrap()
    }

    fn request(relay_state: Option<&str>) -> Waiting {
        let id = Some(RequestId::parse(&format!("_{}", "a".repeat(255))).unwrap());
        let relay_state = relay_state.map(str::to_owned);
        Waiting {
            id,
            acs: Some(short_digest("https://sp.example.com/acs")),
            force_authn: true,
            authn_context: ["Password", "PasswordProtectedTransport"]
                .map(|class| format!("urn:oasis:names:tc:SAML:2.0:ac:classes:{class}"))
                .to_vec(),
            session: Some("0".repeat(8)),
            relay_state,
            arrived: NOW,
        }
    }

    /// What an address asks for.
    fn read(address: &str, to: &str, now: u64) -> Result<Waiting, NoRequest> {
        let target = ReturnTo::parse(address).unwrap();
        let target = target.target().unwrap();
        Waiting::read(target.query(), &id(to), &sealer(), now)
    }

    #[rstest]
    #[case::none(None)]
    #[case::empty(Some(""))]
    #[case::an_address(Some("https://site.atlassian.net/a?b=c&d=%2F#e"))]
    #[case::anything(Some("\"><script> \u{e4}\u{1f600} \\ {}"))]
    fn a_request_survives_a_login_byte_for_byte(#[case] relay_state: Option<&str>) {
        let waiting = request(relay_state);
        let address = waiting.address_at(&id("atlassian"), &sealer()).unwrap();
        assert_eq!(read(&address, "atlassian", NOW + 3599), Ok(waiting));
        assert_eq!(read(&address, "atlassian", NOW + 3600), Err(NoRequest::Old));
        assert_eq!(read(&address, "atlassian", NOW - 301), Err(NoRequest::Old));
        assert_eq!(read(&address, "another", NOW), Err(NoRequest::Foreign), "it was not asked");
    }

    #[test]
    fn what_nobody_asked_for_survives_it_too() {
        let waiting = Waiting::unasked(Some("/x".to_owned()), NOW);
        let address = waiting.address_at(&id("a"), &sealer()).unwrap();
        assert_eq!(read(&address, "a", NOW), Ok(waiting));
    }

    #[test]
    fn the_longest_request_fits_into_an_address_to_return_to() {
        let relay_state = "\u{e4}".repeat(saml::RELAY_STATE_BYTES / 2);
        let authn_context = vec!["c".repeat(63)];
        let waiting = Waiting { authn_context, ..request(Some(&relay_state)) };
        let address = waiting.address_at(&id(&"s".repeat(64)), &sealer()).unwrap();
        assert!(address.len() <= LONGEST_ANSWER, "{}", address.len());
        assert_eq!(ReturnTo::parse(&address).unwrap().as_str(), address);
    }

    #[test]
    fn what_the_gate_did_not_seal_is_no_request() {
        for query in ["", "request=", "request=AAAA", "other=1", "request=%ff", "request=a%0ab"] {
            let read = Waiting::read(query, &id("a"), &sealer(), NOW);
            assert_eq!(read, Err(NoRequest::Foreign), "{query}");
        }
    }
}
