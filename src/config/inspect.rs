//! A configuration that is looked at by somebody who has not all of its secrets. It knows that some
//! are missing, not what they are for.

use std::fmt;
use std::path::Path;

use super::reader::Reader;
use super::report::{ConfigErrors, Report};
use super::{Config, Loaded, read_into};

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
    /// What the file says. In the place of each secret that is not at hand stands a random one, with
    /// which nothing works.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.loaded.config
    }

    /// What works but weakens.
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

pub(super) fn inspect(
    name: &str,
    text: &str,
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Inspected, ConfigErrors> {
    let report = Report::new(name, text);
    let mut reader = Reader { report, folder, env, unread: Some(Vec::new()) };
    let config = read_into(text, &mut reader);
    let loaded = reader.report.finish(config)?;
    Ok(Inspected { loaded, unread: reader.unread.unwrap_or_default() })
}
