//! A stand-in JSM with a restricted desk, and a gate's view of its people.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use http::Method;
use jsm_gate::audit::Audit;
use jsm_gate::config::{AuditConfig, AuditTo, CustomersConfig};
use jsm_gate::customers::{Customers, CustomersParts};
use jsm_gate::domain::{
    Access, AccessRules, Clock, Email, Identity, LinkName, Mode, People, Portal, Proof, ProviderId,
    Told,
};
use jsm_gate::session::SessionStore;
use jsm_gate::session::store::MemoryStore;
use sandbox::jsm::{Account, Desk, Flavour, JsmSettings};

use super::support::Site;

/// What the tests of this file begin with.
pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) customers: Arc<Customers>,
    audit: Audit,
    store: Arc<dyn SessionStore>,
}

pub(crate) fn rules() -> CustomersConfig {
    let (organizations, groups, staff_groups) = (Vec::new(), Vec::new(), Vec::new());
    CustomersConfig { create: true, staff_groups, organizations, groups }
}

impl World {
    pub(crate) async fn start(on: Flavour) -> Self {
        Self::with(on, rules()).await
    }

    pub(crate) async fn with(on: Flavour, config: CustomersConfig) -> Self {
        let settings = JsmSettings { flavour: on, ..JsmSettings::cloud() };
        let desk = Desk::new(2, "IT", "IT Help").restricted();
        let site = Site::start(settings.with_desks([desk])).await;
        let clock = Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(2_000_000_000));
        let to = AuditTo::File(site.state_dir.path().join("trail"));
        let trail = AuditConfig { to };
        let audit = Audit::open(&trail, site.state_dir.path(), clock, <_>::default()).unwrap();
        let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::new(10));
        let customers = Self::gate(&site, &store, &audit, config);
        Self { site, customers, audit, store }
    }

    fn gate(
        site: &Site,
        store: &Arc<dyn SessionStore>,
        audit: &Audit,
        config: CustomersConfig,
    ) -> Arc<Customers> {
        Arc::new(Customers::new(CustomersParts {
            client: site.client(),
            sessions: Arc::clone(store),
            config,
            audit: audit.clone(),
            clock: Clock::system(),
        }))
    }

    /// Another gate with the same store, or the same one after a reload: it has nothing in memory.
    pub(crate) fn another_gate(&self) -> Arc<Customers> {
        Self::gate(&self.site, &self.store, &self.audit, rules())
    }

    pub(crate) fn add(&self, account: Account) -> String {
        self.site.jsm.add_account(account)
    }

    /// What was asked of JSM, other than to read, since the last time.
    pub(crate) fn writes(&self) -> Vec<String> {
        let seen = self.site.jsm.seen();
        self.site.jsm.clear_seen();
        let writes = seen.iter().filter(|seen| seen.method != Method::GET);
        writes.map(|seen| format!("{} {}", seen.method, seen.path())).collect()
    }

    /// The names of the events in the trail, in order.
    pub(crate) async fn events(&self) -> Vec<String> {
        self.audit.flush().await;
        let trail = std::fs::read_to_string(self.site.state_dir.path().join("trail")).unwrap();
        let event = |line: &str| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            line["event"].as_str().unwrap().to_owned()
        };
        trail.lines().map(event).collect()
    }
}

/// The restricted desk, hosted.
pub(crate) fn portal() -> Portal {
    Portal {
        service_desk_id: "12".to_owned(),
        portal_id: None,
        project_id: "10002".to_owned(),
        project_key: "IT".to_owned(),
        former_keys: Vec::new(),
        name: "IT Help".to_owned(),
        link: LinkName::parse("it").unwrap(),
        mode: Mode::Hosted,
        service_provider: None,
        rules: Arc::default(),
        open_desk: false,
        greeting: Arc::default(),
        gone: false,
    }
}

pub(crate) fn open_portal() -> Portal {
    Portal { open_desk: true, ..portal() }
}

pub(crate) fn allowing(identity: &Identity) -> Portal {
    let email = identity.email.known().unwrap().clone();
    let allow = People { emails: [email].into(), ..People::default() };
    private(allow)
}

/// The restricted desk, open to some people only.
pub(crate) fn private(allow: People) -> Portal {
    let rules = AccessRules { access: Access::Private, allow, ..AccessRules::default() };
    Portal { rules: Arc::new(rules), ..portal() }
}

/// Somebody of that name at the provider `okta`.
pub(crate) fn person(name: &str) -> Identity {
    Identity {
        provider: ProviderId::parse("okta").unwrap(),
        subject: name.into(),
        email: Email::parse(&format!("{name}@example.com")).ok().into(),
        name: Some(name.into()),
        first_name: None,
        last_name: None,
        groups: Told::Known(vec!["staff".into()]),
        attributes: <_>::default(),
        proof: Proof::default(),
    }
}

pub(crate) fn with_email(email: &str, identity: Identity) -> Identity {
    Identity { email: Email::parse(email).ok().into(), ..identity }
}

/// The same person, let in without their provider.
pub(crate) fn emergency(identity: Identity) -> Identity {
    let proof = Proof::Emergency { service_desks: vec!["12".to_owned()], until: 3_000_000_000 };
    Identity { provider: ProviderId::emergency(), proof, ..identity }
}
