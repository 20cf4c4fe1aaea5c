//! How a stand-in is set up. It must not know how it runs.

use http::HeaderName;

use super::desk::Desk;

/// Which of the two products it stands in for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Flavour {
    /// Basic authentication, `/ex/jira/{cloudId}`, portal ids in request types, and no way to
    /// tell it who the customer is.
    Cloud,
    /// Bearer tokens, portal ids in the desk's links, and a trusted identity header.
    DataCenter,
}

/// Everything that is fixed at start.
#[derive(Clone, Debug)]
pub struct JsmSettings {
    /// Cloud or Data Center.
    pub flavour: Flavour,
    /// The address of absolute links and of the origin check; its own when `None`.
    pub base_url: Option<String>,
    /// Empty, or such as `/jira`.
    pub context_path: String,
    /// The header an authenticator in Jira would trust; Data Center only.
    pub identity_header: HeaderName,
    /// Owner of the token.
    pub email: String,
    /// The only token it takes.
    pub token: String,
    /// Cloud's id of the site.
    pub cloud_id: String,
    /// Whether Jira logs in by SAML and believes no header; Data Center only.
    pub saml_login: bool,
    /// The service desks at start.
    pub desks: Vec<Desk>,
}

impl JsmSettings {
    /// A Data Center at its own address with the three demo desks.
    #[must_use]
    pub fn data_center() -> Self {
        Self { flavour: Flavour::DataCenter, ..Self::cloud() }
    }

    /// A Cloud site at its own address with the three demo desks.
    #[must_use]
    pub fn cloud() -> Self {
        Self {
            flavour: Flavour::Cloud,
            base_url: None,
            context_path: String::new(),
            identity_header: HeaderName::from_static("x-forwarded-user"),
            email: "gate@example.com".to_owned(),
            token: "sandbox-token".to_owned(),
            cloud_id: "11111111-2222-4333-8444-555555555555".to_owned(),
            saml_login: false,
            desks: Desk::demo(),
        }
    }

    /// The same with other desks.
    #[must_use]
    pub fn with_desks(self, desks: impl IntoIterator<Item = Desk>) -> Self {
        Self { desks: desks.into_iter().collect(), ..self }
    }

    /// The same with Jira's own SAML login in place of a trusted header.
    #[must_use]
    pub fn with_saml_login(self) -> Self {
        Self { saml_login: true, ..self }
    }

    /// The same below a context path such as `/jira`.
    #[must_use]
    pub fn with_context_path(self, path: &str) -> Self {
        Self { context_path: path.to_owned(), ..self }
    }
}
