//! `[jsm]` as the rest of the gate sees it.

use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::domain::Email;

/// `[jsm]`: the JSM server and the service account.
#[derive(Clone, Debug)]
pub struct JsmConfig {
    /// Base address without a trailing slash in its path; may have a context path (`/jira`).
    pub url: Url,
    /// Said by the admin, or by the host name of a Cloud site; asked of JSM when `None`.
    pub deployment: Option<Deployment>,
    /// The service account's address; needed for Cloud.
    pub email: Option<Email>,
    /// The service account's API token (Cloud) or personal access token (Data Center).
    pub api_token: SecretString,
    /// How often the directory is read again.
    pub refresh: Duration,
    /// How long one REST call may take.
    pub timeout: Duration,
    /// How many REST calls may be under way at once. Files on their way to JSM are counted apart.
    pub concurrency: usize,
    /// Extra trusted certificate authority for `url` (PEM).
    pub ca_file: Option<PathBuf>,
    /// Base of Atlassian's API gateway, used by scoped tokens; `https://api.atlassian.com`.
    pub cloud_api_url: Url,
}

/// Which of the two products JSM is. They differ in REST calls and in whether they take identity.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deployment {
    /// `*.atlassian.net`
    Cloud,
    /// Self-hosted Jira.
    DataCenter,
}
