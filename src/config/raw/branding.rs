//! `[branding]` as the file spells it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::field::Field;

/// What all of the gate's own pages look like.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(in crate::config) struct Branding {
    /// What customers know the site as; the host of `public_url` when left out.
    #[serde(default)]
    pub(in crate::config) name: Field<String>,
    /// A picture beside the name (PNG, JPEG, WebP or SVG).
    #[serde(default)]
    pub(in crate::config) logo_file: Field<String>,
    /// The colour of links and buttons, such as `#0b57d0`.
    #[serde(default)]
    pub(in crate::config) accent: Field<String>,
    /// Where customers find help: a `mailto:` or `https:` address, shown at the foot of every page.
    #[serde(default)]
    pub(in crate::config) contact: Field<String>,
    /// A folder of templates that take the place of the built-in ones of the same names.
    #[serde(default)]
    pub(in crate::config) templates_dir: Field<String>,
    /// A folder of texts that take the place of the built-in ones, one file a language.
    #[serde(default)]
    pub(in crate::config) texts_dir: Field<String>,
}
