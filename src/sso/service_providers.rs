//! All service providers of a configuration. Must not know requests.

use std::sync::Arc;

use super::statement::People;
use super::waiting::{self, Waiting};
use super::{Destination, ServiceProvider};
use crate::config::Config;
use crate::domain::ServiceProviderId;
use crate::keys::SamlKeyrings;
use crate::reading::Target;
use crate::session::Sealer;

/// To whom the gate vouches.
#[derive(Debug)]
pub struct ServiceProviders {
    all: Vec<Arc<ServiceProvider>>,
    people: People,
}

impl ServiceProviders {
    /// Those of a configuration, each with its keyring.
    #[must_use]
    pub fn new(config: &Config, keyrings: &SamlKeyrings) -> Self {
        let with_keyring = config
            .service_providers
            .iter()
            .filter_map(|one| keyrings.of(&one.id).map(|keyring| (one, Arc::clone(keyring))));
        let public_url = &config.gate.public_url;
        let all = with_keyring.map(|(one, keyring)| ServiceProvider::new(one, public_url, keyring));
        let addresses = config.providers.iter();
        let addresses = addresses.map(|provider| (provider.id.clone(), provider.email.clone()));
        let told = config.providers.iter().flat_map(|provider| {
            let names = provider.attributes.extra.iter();
            names.map(|(name, _)| (provider.id.clone(), name.clone()))
        });
        let people = People {
            addresses: addresses.collect(),
            told: told.collect(),
            saml_ids: config.saml_ids.clone(),
        };
        Self { all: all.map(Arc::new).collect(), people }
    }

    /// All of them, in the order of the configuration.
    #[must_use]
    pub fn all(&self) -> &[Arc<ServiceProvider>] {
        &self.all
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: &ServiceProviderId) -> Option<&Arc<ServiceProvider>> {
        self.all.iter().find(|one| one.id() == id)
    }

    /// What statements about people are made by.
    pub(super) fn people(&self) -> &People {
        &self.people
    }

    /// To whom an address on the gate leads, if it is one of a request that waits.
    pub(crate) fn destination(
        &self,
        target: &Target,
        sealer: &Sealer,
        now: u64,
    ) -> Option<Destination> {
        let to = self.get(&waiting::service_provider_of(target)?)?;
        let waiting = Waiting::read(target.query(), to.id(), sealer, now).ok()?;
        Some(Destination::new(Arc::clone(to), waiting))
    }
}
