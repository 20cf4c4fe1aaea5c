//! The configuration file: raw shapes in, a `Config` of valid values out, and a report that names
//! every mistake at once. Nothing here knows what runs on the configuration.

mod parsed;

pub use parsed::{
    AttributeMap, Config, Deployment, ForwardConfig, GateConfig, JsmConfig, LimitsConfig,
    LogConfig, LogFormat, PortalDefaults, PortalRule, ProviderConfig, SessionConfig, TlsFiles,
};
