//! An identity provider as Jira is told of it, and as its REST API reads and writes it. It must not know who
//! may change it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::moment::Moment;
use super::signature::TrustedKey;

/// The longest text of a button.
const LONGEST_BUTTON: usize = 40;

/// What Jira knows of one identity provider.
#[derive(Clone, Debug)]
pub struct IdentityProvider {
    /// Its number in `/plugins/servlet/external-login/{id}`; made when it is added.
    pub id: u64,
    /// Its name, which no other has.
    pub name: String,
    /// Whether Jira's own login page offers it.
    pub enabled: bool,
    /// Whether the portal's login page offers it.
    pub include_customer_logins: bool,
    /// The text of its button, which no other has.
    pub button_text: String,
    /// The entity id that its answers have to name.
    pub sso_issuer: String,
    /// Where browsers are sent.
    pub sso_url: String,
    /// The certificate (PEM) that its answers have to be signed by.
    pub certificate: String,
    /// How a username is made of an answer.
    pub username_attribute: String,
    pub(super) last_updated: Moment,
    /// Members that are kept and have no effect here.
    more: Map<String, Value>,
}

/// The members that have no effect here, with what they are unless somebody says otherwise.
fn kept() -> [(&'static str, Value); 5] {
    [
        ("sso-type", json!("SAML")),
        ("idp-type", json!("GENERIC")),
        ("enable-remember-me", json!(true)),
        ("sign-authnrequest", json!(false)),
        ("jit-configuration", json!({ "user-provisioning-enabled": false })),
    ]
}

impl Default for IdentityProvider {
    fn default() -> Self {
        Self {
            id: 0,
            name: String::new(),
            enabled: true,
            include_customer_logins: false,
            button_text: String::new(),
            sso_issuer: String::new(),
            sso_url: String::new(),
            certificate: String::new(),
            username_attribute: "${NameID}".to_owned(),
            last_updated: Moment::now(),
            more: Map::from_iter(kept().map(|(name, value)| (name.to_owned(), value))),
        }
    }
}

impl IdentityProvider {
    /// One for customers alone, as the gate's own documentation has it set up.
    #[must_use]
    pub fn for_customers(sso_issuer: &str, sso_url: &str, certificate: &str) -> Self {
        Self {
            name: "jsm-gate".to_owned(),
            enabled: false,
            include_customer_logins: true,
            button_text: "Customer login".to_owned(),
            sso_issuer: sso_issuer.to_owned(),
            sso_url: sso_url.to_owned(),
            certificate: certificate.to_owned(),
            ..Self::default()
        }
    }

    /// Takes over the members that are there and not null.
    ///
    /// # Errors
    /// With what is wrong with a member.
    pub(super) fn update(&mut self, members: &Map<String, Value>) -> Result<(), String> {
        for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
            let text =
                || value.as_str().map(str::to_owned).ok_or_else(|| format!("{name} is no text"));
            let flag = || value.as_bool().ok_or_else(|| format!("{name} is no truth value"));
            match name.as_str() {
                "name" => self.name = text()?,
                "enabled" => self.enabled = flag()?,
                "include-customer-logins" => self.include_customer_logins = flag()?,
                "button-text" => self.button_text = text()?,
                "sso-issuer" => self.sso_issuer = text()?,
                "sso-url" => self.sso_url = text()?,
                "certificate" => self.certificate = text()?,
                "username-attribute" => self.username_attribute = text()?,
                "id" | "last-updated" => {}
                known if kept().iter().any(|(it, _)| *it == known) => {
                    self.more.insert(name.clone(), value.clone());
                }
                unknown => return Err(format!("Unrecognized field \"{unknown}\"")),
            }
        }
        self.last_updated = Moment::now();
        Ok(())
    }

    /// What is wrong with it beside the others.
    pub(super) fn check(&self, others: &[Self]) -> Result<(), String> {
        let others = || others.iter().filter(|other| other.id != self.id);
        let texts = |of: fn(&Self) -> &str| others().map(of).collect::<BTreeSet<_>>();
        let button = self.button_text.chars().count();
        match self {
            it if it.name.is_empty() => Err("name is required".to_owned()),
            it if texts(|it| &it.name).contains(it.name.as_str()) => {
                Err("name is not unique".to_owned())
            }
            it if texts(|it| &it.button_text).contains(it.button_text.as_str()) => {
                Err("button-text is not unique".to_owned())
            }
            it if texts(|it| &it.sso_issuer).contains(it.sso_issuer.as_str()) => {
                Err("sso-issuer is not unique".to_owned())
            }
            _ if !(1..=LONGEST_BUTTON).contains(&button) => {
                Err("button-text has to have 1 to 40 characters".to_owned())
            }
            it if it.sso_issuer.is_empty() => Err("sso-issuer is required".to_owned()),
            it if !is_fit(&it.sso_url) => Err("sso-url has to be an https address".to_owned()),
            it if TrustedKey::from_pem(&it.certificate).is_none() => {
                Err("certificate cannot be read".to_owned())
            }
            it if it.username_attribute.is_empty() => {
                Err("username-attribute is required".to_owned())
            }
            _ => Ok(()),
        }
    }

    /// As the REST API tells of it.
    pub(super) fn value(&self) -> Value {
        let mut value = json!({
            "id": self.id,
            "name": self.name,
            "enabled": self.enabled,
            "include-customer-logins": self.include_customer_logins,
            "button-text": self.button_text,
            "sso-issuer": self.sso_issuer,
            "sso-url": self.sso_url,
            "certificate": self.certificate,
            "username-attribute": self.username_attribute,
            "last-updated": self.last_updated.utc(),
        });
        if let Value::Object(members) = &mut value {
            members.extend(self.more.clone());
        }
        value
    }
}

/// Real ones take https alone; loopback, where tests run, is as safe.
fn is_fit(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        let loopback =
            url.host_str().is_some_and(|host| host == "127.0.0.1" || host == "localhost");
        url.scheme() == "https" || (url.scheme() == "http" && loopback)
    })
}
