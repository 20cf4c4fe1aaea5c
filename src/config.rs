//! The configuration file: raw shapes in, a `Config` of valid values out, and a report that names
//! every mistake at once. Nothing here knows what runs on the configuration.

mod default;
mod given;
mod parsed;
mod pem;
mod preset;
mod raw;
mod reader;
mod report;
mod secret;
mod sections;
mod shape;
mod startup;
mod syntax;
mod values;

use std::path::{Path, PathBuf};

use schemars::generate::SchemaSettings;
use serde::Deserialize;
use toml::de::{DeTable, Deserializer};

use crate::domain::Finding;
use reader::Reader;
use report::Report;

pub use parsed::{
    AssertionConfig, AttributeMap, AuditConfig, AuditTo, ClientAuth, ClientKeyAudience,
    ClientKeyConfig, Config, Deployment, EmailAuthority, EmailPolicy, EmergencyConfig,
    ForwardConfig, ForwardedHost, GateConfig, JsmConfig, LimitsConfig, LogConfig, LogFormat, Logo,
    LogoutForm, OAuth2, PortalDefaults, PortalRule, ProviderConfig, RedisConfig, RequestConfig,
    ResponseMode, SecretMethod, ServerName, SessionConfig, SigningAlgorithm, StoreConfig, TlsFiles,
};
pub use report::{ConfigErrors, Mistake};
pub use secret::new_secret;
pub use startup::Startup;

/// A configuration without mistakes.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the file says.
    pub config: Config,
    /// What works but weakens, to be said at each start: every `insecure_…` in use, and more.
    pub warnings: Vec<Finding>,
}

impl Loaded {
    /// Says every warning in the log.
    pub fn log_warnings(&self) {
        for warning in &self.warnings {
            tracing::warn!(remedy = warning.remedy, "{}: {}", warning.subject, warning.text);
        }
    }
}

/// Reads a configuration file and the secrets it points to.
///
/// # Errors
/// With every mistake in the file at once.
pub fn load(path: &Path) -> Result<Loaded, ConfigErrors> {
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(path).map_err(|error| ConfigErrors::unreadable(&name, &error))?;
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    parse(&name, &text, folder, &|name| std::env::var(name).ok())
}

/// `[gate] state_dir` of a file, whatever mistakes the rest of it has: where the running gate is to be
/// found that has to say what is wrong with the file.
#[must_use]
pub fn state_dir(path: &Path) -> PathBuf {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let (clean, _) = syntax::clean(&text);
    let (table, _) = DeTable::parse_recoverable(&clean);
    let gate = table.get_ref().get("gate").and_then(|gate| gate.get_ref().as_table());
    let given = gate.and_then(|gate| gate.get("state_dir")).and_then(|it| it.get_ref().as_str());
    path.parent().unwrap_or_else(|| Path::new("")).join(given.unwrap_or(default::STATE_DIR))
}

/// Reads a configuration from a text. `name` is what reports call it, paths in it are relative to
/// `folder`, and `env` looks up environment variables.
///
/// # Errors
/// With every mistake in the text at once.
pub fn parse(
    name: &str,
    text: &str,
    folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Loaded, ConfigErrors> {
    let mut reader = Reader { report: Report::new(name, text), folder, env };
    let (clean, errors) = syntax::clean(text);
    for error in errors {
        reader.report.not_toml(error);
    }
    let (table, _) = DeTable::parse_recoverable(&clean);
    shape::check(&table, &schema(), &mut reader.report);
    let raw = raw::File::deserialize(Deserializer::from(table)).ok();
    let config = raw.and_then(|raw| sections::read(&raw, &mut reader));
    reader.report.finish(config)
}

/// The JSON schema (draft 2020-12) of the file, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<raw::File>().to_value()
}
