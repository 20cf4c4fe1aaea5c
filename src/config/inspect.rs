//! A configuration read by somebody who cannot read all of its secrets. It must not know what the
//! secrets are for.

use std::fmt;

use super::{Config, Loaded};

/// A configuration without mistakes, as far as can be seen from outside the service.
#[derive(Debug)]
pub struct Inspected {
    loaded: Loaded,
    unread: Vec<Unread>,
}

/// A secret that is not at hand.
#[derive(Clone, Debug)]
pub struct Unread {
    /// The key, such as `session.secret_credential`.
    pub path: String,
    /// Where the gate gets it.
    pub place: Place,
}

/// Where a secret is that only the gate is given.
#[derive(Clone, Debug)]
pub enum Place {
    /// systemd hands it over under this name.
    Credential(String),
    /// A variable of the gate's environment.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(name) => write!(f, "systemd hands over {name}"),
            Self::Variable(name) => write!(f, "{name} is in the gate's environment"),
        }
    }
}

impl Inspected {
    pub(super) fn new(loaded: Loaded, unread: Vec<Unread>) -> Self {
        Self { loaded, unread }
    }

    /// What the file says. A random value takes the place of each missing secret, so that nothing
    /// works with it.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// What works but weakens security.
    #[must_use]
    pub fn warnings(&self) -> &[crate::domain::Finding] {
        &self.loaded.warnings
    }

    /// The secrets that are not at hand.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// The configuration with all of its secrets.
    ///
    /// # Errors
    /// With itself, when a secret is not at hand.
    pub fn complete(self) -> Result<Loaded, Box<Self>> {
        if self.unread.is_empty() { Ok(self.loaded) } else { Err(Box::new(self)) }
    }
}
