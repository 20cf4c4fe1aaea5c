//! `saml_id`: by what service providers know a provider's people. Nobody may get the name of somebody
//! else, of the same provider or of another.

use crate::config::field::{Field, Span};
use crate::config::parsed::ProviderConfig;
use crate::config::raw;
use crate::config::reader::Reader;
use crate::config::sections::{repeated, templates};
use crate::config::values::ValueError;
use crate::domain::{SamlIds, Template};

/// The template of a provider; `None` when it is wrong.
pub(super) fn read(raw: &raw::Provider, reader: &mut Reader<'_>) -> Option<Template> {
    if !raw.saml_id.is_given() {
        return Some(SamlIds::usual());
    }
    let extra = raw.attributes.value().and_then(|attributes| attributes.extra.value());
    let extra: Vec<_> =
        extra.into_iter().flatten().map(|(name, _)| name.get_ref().as_str()).collect();
    let template = reader.parse(&raw.saml_id, |text| template(text, &extra))?;
    if let (true, Some(at)) =
        (template.placeholders().any(|name| name == "email"), raw.saml_id.span())
    {
        reader.report.warning(
            &at,
            "follows the email address: whoever gets an address that was somebody else's gets their \
             account at each service provider, and whoever gets a new address gets a new account",
            "use what never changes, such as {provider}/{subject}",
        );
    }
    Some(template)
}

/// With one placeholder that differs from person to person, two people cannot be put together to the same
/// text. Names and groups are no such placeholder: people choose or share them.
fn template(text: &str, extra: &[&str]) -> Result<Template, ValueError> {
    let known: Vec<_> = ["provider", "subject", "email"].iter().chain(extra).copied().collect();
    let template = templates::of(text, &known)?;
    match template.placeholders().filter(|name| *name != "provider").count() {
        1 => Ok(template),
        0 => {
            let what = "is the same for all people of the provider";
            Err(ValueError::new(what, "expected {subject} or an attribute in it"))
        }
        _ => {
            let what = "has two placeholders that differ from person to person";
            Err(ValueError::new(what, "expected one, so that no two people can have the same"))
        }
    }
}

/// What a provider's names begin with tells whose they are, so no two may begin with the same text.
pub(super) fn tell_providers_apart(
    raw: &[Field<raw::Provider>],
    providers: &[Option<ProviderConfig>],
    reader: &mut Reader<'_>,
) {
    let beginnings = raw.iter().zip(providers).filter_map(|(raw, provider)| {
        let provider = provider.as_ref()?;
        let beginning = SamlIds::beginning(&provider.id, &provider.saml_id);
        Some((place(raw)?, beginning))
    });
    for (again, first) in repeated(beginnings.collect::<Vec<_>>()) {
        let what = "begins like another provider's, so that one could name the other's people";
        let mistake = reader.report.mistake(again, what);
        let mistake = mistake.expected("expected {provider} in all of them but one");
        mistake.earlier(Some(first)).remedy("write saml_id = \"{provider}/{subject}\"");
    }
}

/// Where the template stands; the whole section when it is the usual one.
fn place(field: &Field<raw::Provider>) -> Option<Span> {
    field.value()?.saml_id.span().or_else(|| field.span())
}

/// Those of all providers.
pub(in crate::config::sections) fn saml_ids(providers: Option<&[ProviderConfig]>) -> SamlIds {
    let all = providers.unwrap_or_default().iter();
    SamlIds::new(all.map(|provider| (provider.id.clone(), provider.saml_id.clone())))
}
