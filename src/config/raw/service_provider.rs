//! `[[service_provider]]` as the file spells it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::{Named, People, Texts};
use crate::config::field::Field;
use crate::config::parsed::{NameIdFormat, SloBinding};
use crate::domain::{Access, ServiceProviderPreset};

/// One SAML application that the gate vouches to.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct ServiceProvider {
    /// Part of its addresses at the gate.
    pub(in crate::config) id: Field<String>,
    /// What customers see on pages; the id when left out.
    #[serde(default)]
    pub(in crate::config) name: Field<String>,
    /// What kind of application it is.
    #[serde(default)]
    #[schemars(extend("default" = ServiceProviderPreset::Saml))]
    pub(in crate::config) preset: Field<ServiceProviderPreset>,
    /// What it calls itself, such as Atlassian's "service provider entity URL".
    #[serde(default)]
    pub(in crate::config) entity_id: Field<String>,
    /// Where it takes assertions (assertion consumer service), one address or a list.
    #[serde(default)]
    pub(in crate::config) acs_url: Field<OneOrMore>,
    /// Who may log in there.
    #[serde(default)]
    #[schemars(extend("default" = Access::Default))]
    pub(in crate::config) access: Field<Access>,
    /// Whom `private` lets in.
    #[serde(default)]
    pub(in crate::config) allow: Field<People>,
    /// Who stays out, whatever else lets them in.
    #[serde(default)]
    pub(in crate::config) deny: Field<People>,
    /// Id of the only provider whose people may log in there.
    #[serde(default)]
    pub(in crate::config) provider: Field<String>,
    /// What a login's `acr` has to be, one of these; the provider is asked for it.
    #[serde(default)]
    #[schemars(extend("default" = []))]
    pub(in crate::config) acr_values: Texts,
    /// How long ago the customer may have logged in; the provider is asked to have it done again.
    #[serde(default)]
    pub(in crate::config) max_age: Field<String>,
    /// PEM file of the certificates it signs requests with; then requests without signature are refused.
    #[serde(default)]
    pub(in crate::config) certificate_file: Field<String>,
    /// PEM file of the key that signs; made by the gate when left out.
    #[serde(default)]
    pub(in crate::config) signing_key_file: Field<String>,
    /// PEM file of that key's certificate.
    #[serde(default)]
    pub(in crate::config) signing_certificate_file: Field<String>,
    /// Where customers of a portal with `mode = "sso"` begin, where only the admin can know it.
    #[serde(default)]
    pub(in crate::config) start_url: Field<String>,
    /// Where it takes logout requests (single logout service).
    #[serde(default)]
    pub(in crate::config) slo_url: Field<String>,
    /// How logout messages go there.
    #[serde(default)]
    #[schemars(extend("default" = "redirect"))]
    pub(in crate::config) slo_binding: Field<SloBinding>,
    /// Jira Data Center: also log in users who have access to an application.
    #[serde(default)]
    #[schemars(extend("default" = false))]
    pub(in crate::config) allow_staff: Field<bool>,
    /// What it knows people by, a template; the preset's when left out.
    #[serde(default)]
    pub(in crate::config) name_id: Field<String>,
    /// Of what kind that is; the preset's when left out.
    #[serde(default)]
    pub(in crate::config) name_id_format: Field<NameIdFormat>,
    /// Attribute = template, besides those of the preset.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(in crate::config) attributes: Field<Named>,
}

/// One text, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(in crate::config) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    /// All of them.
    pub(in crate::config) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::More(texts) => texts,
        }
    }
}

impl JsonSchema for OneOrMore {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "OneOrMore".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "array"], "items": { "type": "string" } })
    }
}
