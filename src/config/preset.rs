//! What an admin would otherwise look up about a product: one row each, and a page in
//! `docs/providers/`. A row only fills in what the file leaves out; nothing that runs knows of it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::default;
use super::parsed::{ClientKeyAudience, EmailAuthority, LogoutForm};

/// Products that people log in with.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Preset {
    #[default]
    Oidc,
    Okta,
    Entra,
    EntraExternal,
    #[serde(rename = "azure-b2c")]
    AzureB2c,
    Adfs,
    Keycloak,
    Google,
    Cognito,
    Salesforce,
    Auth0,
    Ping,
    Onelogin,
    Gitlab,
    Miniorange,
    Github,
    Oauth2,
}

/// One product.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) issuer: Issuer,
    pub(super) scopes: &'static [&'static str],
    pub(super) claims: Claims,
    pub(super) logout: LogoutForm,
    pub(super) key_audience: ClientKeyAudience,
    pub(super) email_authority: Option<EmailAuthority>,
    /// Whether UserInfo may say what the ID token leaves open.
    pub(super) user_info: bool,
    /// The `prompt` by which people get to another account.
    pub(super) account_prompt: &'static str,
    /// Paths below the issuer, of a product without discovery and ID tokens.
    pub(super) oauth2: Option<Paths>,
}

/// What the issuer looks like. In a form, `{…}` stands for a part of a host name or path, and
/// `{guid}` for the id of a tenant.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Issuer {
    /// Any address; the form is an example.
    Any(&'static str),
    /// One of these and no other.
    Form(&'static [&'static str]),
    /// This one for all who do not run the product themselves.
    Default(&'static str),
}

/// Where attributes come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claims {
    pub(super) subject: &'static str,
    pub(super) email: &'static str,
    pub(super) email_verified: &'static str,
    pub(super) name: &'static str,
    pub(super) groups: &'static str,
}

/// The endpoints of plain OAuth 2.0; those that are not said have to be configured.
#[derive(Clone, Copy, Debug)]
pub(super) enum Paths {
    Configured,
    Github,
}

const CLAIMS: Claims = Claims {
    subject: default::ATTRIBUTE_SUBJECT,
    email: default::ATTRIBUTE_EMAIL,
    email_verified: default::ATTRIBUTE_EMAIL_VERIFIED,
    name: default::ATTRIBUTE_NAME,
    groups: default::ATTRIBUTE_GROUPS,
};

const OIDC: Row = Row {
    issuer: Issuer::Any("https://login.example.com"),
    scopes: default::PROVIDER_SCOPES,
    claims: CLAIMS,
    logout: LogoutForm::EndSession,
    key_audience: ClientKeyAudience::Issuer,
    email_authority: None,
    user_info: true,
    account_prompt: "login",
    oauth2: None,
};

/// For products that let people pick one of several accounts that they are logged in with.
const SELECT_ACCOUNT: &str = "select_account";

const WITH_GROUPS: &[&str] = &["openid", "profile", "email", "groups"];

impl Preset {
    /// What is known of the product.
    #[expect(clippy::too_many_lines, reason = "a table: one row a product")]
    pub(super) const fn row(self) -> Row {
        match self {
            Self::Oidc => OIDC,
            Self::Okta => Row {
                issuer: Issuer::Any("https://example.okta.com"),
                scopes: WITH_GROUPS,
                key_audience: ClientKeyAudience::TokenEndpoint,
                ..OIDC
            },
            // The email claim is whatever a directory says; `xms_edov` tells whether the domain's
            // owner was verified. It is an optional claim, so without it nobody is believed.
            Self::Entra => Row {
                account_prompt: SELECT_ACCOUNT,
                issuer: Issuer::Form(&[
                    "https://login.microsoftonline.com/{guid}/v2.0",
                    "https://login.microsoftonline.us/{guid}/v2.0",
                    "https://login.partner.microsoftonline.cn/{guid}/v2.0",
                ]),
                claims: Claims { email_verified: "xms_edov", ..CLAIMS },
                key_audience: ClientKeyAudience::TokenEndpoint,
                ..OIDC
            },
            Self::EntraExternal => Row {
                account_prompt: SELECT_ACCOUNT,
                issuer: Issuer::Any("https://{guid}.ciamlogin.com/{guid}/v2.0"),
                key_audience: ClientKeyAudience::TokenEndpoint,
                ..OIDC
            },
            Self::AzureB2c => Row {
                issuer: Issuer::Any("https://example.b2clogin.com/tfp/{guid}/{policy}/v2.0/"),
                scopes: &["openid"],
                claims: Claims { email: "emails", ..CLAIMS },
                key_audience: ClientKeyAudience::TokenEndpoint,
                ..OIDC
            },
            // The account name in mail form, which needs no rule; groups need one. UserInfo tells
            // nothing but `sub`, and refuses tokens for a web API with 401:
            // https://learn.microsoft.com/windows-server/identity/ad-fs/development/ad-fs-openid-connect-oauth-concepts
            Self::Adfs => Row {
                issuer: Issuer::Form(&["https://{host}/adfs"]),
                scopes: &["openid", "profile", "email", "allatclaims"],
                claims: Claims { email: "upn", name: "unique_name", groups: "group", ..CLAIMS },
                key_audience: ClientKeyAudience::TokenEndpoint,
                user_info: false,
                ..OIDC
            },
            Self::Keycloak => {
                Row { issuer: Issuer::Any("https://login.example.com/realms/customers"), ..OIDC }
            }
            Self::Google => Row {
                account_prompt: SELECT_ACCOUNT,
                issuer: Issuer::Default("https://accounts.google.com"),
                email_authority: Some(EmailAuthority { claim: "hd", own_domain: "gmail.com" }),
                ..OIDC
            },
            Self::Cognito => Row {
                issuer: Issuer::Form(&["https://cognito-idp.{region}.amazonaws.com/{pool}"]),
                claims: Claims { groups: "cognito:groups", ..CLAIMS },
                logout: LogoutForm::Cognito,
                ..OIDC
            },
            Self::Salesforce => {
                Row { issuer: Issuer::Any("https://example.my.salesforce.com"), ..OIDC }
            }
            Self::Auth0 => Row {
                issuer: Issuer::Any("https://example.eu.auth0.com/"),
                logout: LogoutForm::Auth0,
                ..OIDC
            },
            Self::Ping => {
                Row { issuer: Issuer::Any("https://auth.pingone.eu/{environment}/as"), ..OIDC }
            }
            Self::Onelogin => Row {
                issuer: Issuer::Any("https://example.onelogin.com/oidc/2"),
                scopes: WITH_GROUPS,
                ..OIDC
            },
            Self::Gitlab => Row { issuer: Issuer::Default("https://gitlab.com"), ..OIDC },
            Self::Miniorange => Row { issuer: Issuer::Any("https://example.xecurify.com"), ..OIDC },
            Self::Github => Row {
                account_prompt: SELECT_ACCOUNT,
                issuer: Issuer::Default("https://github.com"),
                scopes: &["read:user", "user:email"],
                claims: Claims { subject: "id", ..CLAIMS },
                oauth2: Some(Paths::Github),
                ..OIDC
            },
            Self::Oauth2 => Row { scopes: &[], oauth2: Some(Paths::Configured), ..OIDC },
        }
    }
}

impl Issuer {
    /// What a forgotten or wrong one should have looked like.
    pub(super) fn expected(self) -> String {
        match self {
            Self::Any(form) | Self::Default(form) => form.to_owned(),
            Self::Form(forms) => forms.first().copied().unwrap_or_default().to_owned(),
        }
    }

    /// Whether an issuer can be one of the product's.
    pub(super) fn takes(self, issuer: &str) -> bool {
        match self {
            Self::Any(_) | Self::Default(_) => true,
            Self::Form(forms) => forms.iter().any(|form| fits(form, issuer)),
        }
    }
}

/// Whether an address has a form. A placeholder takes anything but a slash.
fn fits(form: &str, address: &str) -> bool {
    let Some((before, rest)) = form.split_once('{') else { return form == address };
    let Some(address) = address.strip_prefix(before) else { return false };
    let (name, after) = rest.split_once('}').unwrap_or((rest, ""));
    let ends = (1..=address.len()).filter(|end| address.is_char_boundary(*end));
    ends.map(|end| address.split_at(end)).any(|(value, rest)| {
        let plain = !value.contains('/') && (name != "guid" || is_guid(value));
        plain && fits(after, rest)
    })
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const TENANT: &str = "8eaef023-2b34-4da1-9baa-8bc8c9d6a490";

    #[rstest]
    #[case(Preset::Entra, &format!("https://login.microsoftonline.com/{TENANT}/v2.0"), true)]
    #[case(Preset::Entra, &format!("https://login.microsoftonline.us/{TENANT}/v2.0"), true)]
    #[case(Preset::Entra, "https://login.microsoftonline.com/common/v2.0", false)]
    #[case(Preset::Entra, "https://login.microsoftonline.com/organizations/v2.0", false)]
    #[case(Preset::Entra, "https://login.microsoftonline.com/example.com/v2.0", false)]
    #[case(Preset::Entra, &format!("https://login.microsoftonline.com/{TENANT}/v2.0/"), false)]
    #[case(Preset::Entra, &format!("https://sts.windows.net/{TENANT}/"), false)]
    #[case(Preset::Adfs, "https://fs.example.com/adfs", true)]
    #[case(Preset::Adfs, "https://fs.example.com/adfs/", false)]
    #[case(Preset::Adfs, "https://fs.example.com", false)]
    #[case(
        Preset::Cognito,
        "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI",
        true
    )]
    #[case(Preset::Cognito, "https://example.auth.eu-west-1.amazoncognito.com", false)]
    #[case(Preset::Okta, "https://login.example.com/oauth2/default", true)]
    fn an_issuer_of_another_form_is_none(
        #[case] preset: Preset,
        #[case] issuer: &str,
        #[case] taken: bool,
    ) {
        assert_eq!(preset.row().issuer.takes(issuer), taken);
    }
}
