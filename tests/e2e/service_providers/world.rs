//! A gate between the stand-in provider and service providers of other people, and browsers that log in
//! there. Knows the pages on the way, and not what a test makes of them.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sandbox::jsm::{Jsm, JsmSettings};
use sandbox::provider::{Provider, ProviderSettings, User, demo_users};

use super::service_provider::{Person, ServiceProvider};
use crate::gate::{Gate, Neighbours, free_address};
use crate::node::CLIENT_SECRET;
use crate::visitor::{Page, Visitor, fields};
use crate::world::gate_in_front_of;

/// All of them.
pub(super) struct World {
    pub(super) gate: Gate,
    /// In the order in which they were given.
    pub(super) service_providers: Vec<ServiceProvider>,
    _provider: Provider,
    _jsm: Jsm,
}

impl World {
    /// Starts them. The people of the demo can log in.
    pub(super) async fn start(
        service_providers: impl IntoIterator<Item = ServiceProvider>,
    ) -> Self {
        Self::with_people(service_providers, demo_users()).await
    }

    /// The same, with one person of whom the provider says this.
    pub(super) async fn with(
        service_providers: impl IntoIterator<Item = ServiceProvider>,
        username: &str,
        claims: serde_json::Value,
    ) -> Self {
        let user = User { username: username.to_owned(), about: String::new(), claims };
        Self::with_people(service_providers, vec![user]).await
    }

    async fn with_people(
        service_providers: impl IntoIterator<Item = ServiceProvider>,
        users: Vec<User>,
    ) -> Self {
        let client_secret = Some(CLIENT_SECRET.to_owned());
        let settings = ProviderSettings { client_secret, users, ..ProviderSettings::default() };
        let provider = Provider::start(settings).await.unwrap();
        let jsm = Jsm::start(JsmSettings::data_center()).await.unwrap();
        let mut service_providers: Vec<_> = service_providers.into_iter().collect();
        let more = service_providers.iter().map(ServiceProvider::section).collect::<String>();
        let special = Neighbours { more: &more, ..Neighbours::default() };
        let mut gate = gate_in_front_of(&jsm, free_address(), provider.issuer(), &special).await;
        gate.until_provider_answers().await;
        for service_provider in &mut service_providers {
            service_provider.start(&gate).await;
        }
        Self { gate, service_providers, _provider: provider, _jsm: jsm }
    }

    /// A browser of somebody who has logged in nowhere yet.
    pub(super) fn browser(&self, username: &'static str) -> Browser {
        let gate = self.gate.at("/");
        Browser { visitor: Visitor::new(&self.gate.certificate), gate, username }
    }
}

/// Somebody's browser. It posts by itself what a page's script would.
pub(super) struct Browser {
    pub(super) visitor: Visitor,
    gate: String,
    username: &'static str,
}

impl Browser {
    /// Begins a login at a service provider, and goes through the gate and its provider to the page with
    /// the gate's answer.
    pub(super) async fn get_answer(&mut self, from: &ServiceProvider, state: &str) -> Page {
        let mut start = url::Url::parse(&from.at("/")).unwrap();
        start.query_pairs_mut().append_pair("state", state);
        let page = self.visitor.open(start.as_str()).await;
        self.go_on_to_answer(page).await
    }

    /// From any page on the way to the page with the gate's answer.
    pub(super) async fn go_on_to_answer(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            let is_gate = page.url.as_str().starts_with(&self.gate);
            let has = |field: &str| page.body.contains(&format!("name=\"{field}\""));
            page = if has("SAMLResponse") {
                assert!(is_gate && page.status == 200, "{page:#?}");
                return page;
            } else if has("SAMLRequest") && is_gate {
                self.visitor.submit(&page, "/sso", &[]).await
            } else if has("SAMLRequest") {
                self.visitor.submit_to_other_site(&page, "/sso").await
            } else {
                let fill = [("username", self.username), ("password", "demo")];
                self.visitor.submit(&page, "/login", &fill).await
            };
        }
        panic!("there is no answer: {page:#?}");
    }

    /// Takes the gate's answer to the service provider, as the page's script does.
    pub(super) async fn post_answer(&mut self, answer: &Page, to: &ServiceProvider) -> Page {
        self.visitor.submit(answer, &to.acs_url(), &[]).await
    }

    /// The same after something was changed in the answer's XML.
    pub(super) async fn post_forged(
        &mut self,
        answer: &Page,
        to: &ServiceProvider,
        (honest, forged): (&str, &str),
    ) -> Page {
        let xml = answer_in(answer, to);
        assert!(xml.contains(honest), "no {honest} in {xml}");
        let forged = BASE64_STANDARD.encode(xml.replacen(honest, forged, 1));
        self.visitor.submit(answer, &to.acs_url(), &[("SAMLResponse", &forged)]).await
    }

    /// Who is logged in at a service provider, without logging in there.
    pub(super) async fn person_at(&mut self, there: &ServiceProvider) -> Option<Person> {
        Person::on(&self.visitor.open(&there.at("/")).await)
    }
}

/// The XML of the answer on the gate's page.
pub(super) fn answer_in(page: &Page, to: &ServiceProvider) -> String {
    let fields = fields(page, &to.acs_url());
    let answer = fields.iter().find(|(name, _)| name == "SAMLResponse").expect("an answer");
    String::from_utf8(BASE64_STANDARD.decode(&answer.1).unwrap()).unwrap()
}
