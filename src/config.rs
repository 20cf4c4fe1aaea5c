//! The configuration file: raw shapes in, a `Config` of valid values out, and a report that names
//! every mistake at once. It must not know what runs on the configuration.

mod default;
mod field;
mod inspect;
mod parsed;
mod pattern;
mod pem;
mod preset;
mod private_file;
mod raw;
mod reader;
mod report;
mod secret;
mod sections;
mod service_provider_preset;
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

pub use inspect::{Inspected, Place, Unread};
pub use parsed::{
    AssertionConfig, AttributeMap, AuditConfig, AuditTo, BrandingConfig, ClientAuth,
    ClientKeyAudience, ClientKeyConfig, Color, Config, Contact, CustomersConfig, DefaultMode,
    Deployment, EmailAuthority, EmailPolicy, EmergencyConfig, Endpoints, ForwardConfig,
    ForwardedHost, GateConfig, GroupRule, HostedConfig, JiraLogin, JsmConfig, LimitsConfig,
    LogConfig, LogFormat, Logo, LogoutForm, NameId, NameIdFormat, NameIdValue, OAuth2,
    OrganizationRule, PortalDefaults, PortalRule, ProviderConfig, RedisConfig, RequestConfig,
    ResponseMode, SecretMethod, ServerName, ServiceProviderConfig, SessionConfig, Signing,
    SigningAlgorithm, SloBinding, StoreConfig, TlsFiles,
};
pub use report::{ConfigErrors, Mistake};
pub use secret::new_secret;
pub use startup::Startup;

/// A configuration without mistakes.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What the file says.
    pub config: Config,
    /// What works but weakens security, to be logged at each start: every `insecure_…` in use, and
    /// more.
    pub warnings: Vec<Finding>,
}

impl Loaded {
    /// Logs every warning.
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
    let (name, text) = read(path)?;
    parse(&name, &text, folder(path), &|name| std::env::var(name).ok())
}

/// Reads a configuration file for a command that looks at it. Secrets that only the gate is given,
/// by systemd or in its environment, may be missing.
///
/// # Errors
/// With every mistake in the file at once.
pub fn inspect(path: &Path) -> Result<Inspected, ConfigErrors> {
    let (name, text) = read(path)?;
    let (report, env) = (Report::new(&name, &text), |name: &str| std::env::var(name).ok());
    let mut reader = Reader { report, folder: folder(path), env: &env, unread: Some(Vec::new()) };
    let config = read_into(&text, &mut reader);
    let loaded = reader.report.finish(config)?;
    Ok(Inspected::new(loaded, reader.unread.unwrap_or_default()))
}

/// `state_dir` when the file names none. systemd creates it when the gate starts.
pub const DEFAULT_STATE_DIR: &str = default::STATE_DIR;

/// Where the gate of a configuration file keeps its state, even if the file is full of mistakes or
/// cannot be read: commands to the running gate must not depend on a file that it does not use.
#[must_use]
pub fn state_dir(path: &Path) -> PathBuf {
    let bytes = std::fs::read(path).unwrap_or_default();
    let (clean, _) = syntax::clean(&String::from_utf8_lossy(&bytes));
    let (table, _) = DeTable::parse_recoverable(&clean);
    let gate = table.get_ref().get("gate").and_then(|gate| gate.get_ref().as_table());
    let said = gate.and_then(|gate| gate.get("state_dir")?.get_ref().as_str());
    folder(path).join(said.filter(|said| !said.trim().is_empty()).unwrap_or(default::STATE_DIR))
}

fn read(path: &Path) -> Result<(String, String), ConfigErrors> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|error| ConfigErrors::unreadable(&name, &error))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(error) => Err(ConfigErrors::not_utf8(&name, &error)),
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or_else(|| Path::new(""))
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
    let mut reader = Reader { report: Report::new(name, text), folder, env, unread: None };
    let config = read_into(text, &mut reader);
    reader.report.finish(config)
}

/// Everything that the text says, and what is wrong with it in the reader's report.
fn read_into(text: &str, reader: &mut Reader<'_>) -> Option<Config> {
    let (clean, errors) = syntax::clean(text);
    for error in errors {
        reader.report.not_toml(error);
    }
    let (table, _) = DeTable::parse_recoverable(&clean);
    shape::check(&table, &schema(), &mut reader.report);
    let raw = raw::File::deserialize(Deserializer::from(table)).ok();
    raw.and_then(|raw| sections::read(&raw, reader))
}

/// The JSON schema (draft 2020-12) of the file, for editors.
#[must_use]
pub fn schema() -> serde_json::Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<raw::File>().to_value();
    pattern::add(&mut schema);
    schema
}
