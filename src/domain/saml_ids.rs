//! By what service providers know people: a text for each person that no other person gets, whichever
//! provider they come from. Must not know what is asserted to whom.

use super::{Identity, ProviderId, Template};

/// The `saml_id` of all providers.
///
/// What each of them makes begins with a fixed text: with `{provider}/{subject}` that is the
/// provider's id and a slash, with `{oid}` it is nothing. No two providers have the same one, which the
/// configuration makes sure of. Where one begins like another, as nothing does with everything, a
/// person whose id begins like the longer one gets none: the provider could otherwise make up an id of
/// another provider's. Blanks in front and letter case make no difference, because a service provider may
/// neglect them.
#[derive(Clone, Debug, Default)]
pub struct SamlIds {
    of_providers: Vec<OfProvider>,
}

#[derive(Clone, Debug)]
struct OfProvider {
    provider: ProviderId,
    template: Template,
    beginning: String,
}

impl SamlIds {
    /// What people are known by unless the configuration says otherwise.
    pub const USUAL: &str = "{provider}/{subject}";

    /// [`Self::USUAL`]
    #[must_use]
    pub fn usual() -> Template {
        Template::provider_and_subject()
    }

    /// Those of the providers with these templates.
    #[must_use]
    pub fn new(templates: impl IntoIterator<Item = (ProviderId, Template)>) -> Self {
        let of_provider = |(provider, template): (ProviderId, Template)| {
            let template = template.with("provider", provider.as_str());
            let beginning = template.beginning();
            OfProvider { provider, template, beginning }
        };
        Self { of_providers: templates.into_iter().map(of_provider).collect() }
    }

    /// What all names of a provider's people begin with.
    #[must_use]
    pub fn beginning(provider: &ProviderId, template: &Template) -> String {
        template.with("provider", provider.as_str()).beginning()
    }

    /// The id of a person. `None` when what it is made of is not known or has several values, or
    /// when it could be another provider's. Nothing may be asserted about such a person.
    #[must_use]
    pub fn of(&self, identity: &Identity) -> Option<String> {
        let own = self.of_providers.iter().find(|one| one.provider == identity.provider)?;
        let values = own.template.fill(|name| identity.values(name));
        let [id] = <[String; 1]>::try_from(values).ok()?;
        let folded = |text: &str| text.trim_start().to_lowercase();
        let foreign = self.of_providers.iter().any(|other| {
            other.beginning.len() > own.beginning.len()
                && folded(&id).starts_with(&folded(&other.beginning))
        });
        (id.len() > own.beginning.len() && !foreign).then_some(id)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::Told;

    fn ids(templates: &[(&str, &str)]) -> SamlIds {
        let known = ["provider", "subject", "oid"];
        SamlIds::new(templates.iter().map(|(provider, template)| {
            (ProviderId::parse(provider).unwrap(), Template::parse(template, &known).unwrap())
        }))
    }

    fn person(provider: &str, subject: &str, oids: &[&str]) -> Identity {
        let oids = Told::Known(oids.iter().copied().map(Into::into).collect());
        let provider = ProviderId::parse(provider).unwrap();
        Identity {
            attributes: [("oid".to_owned(), oids)].into(),
            ..Identity::bare(provider, subject)
        }
    }

    #[test]
    fn the_usual_one_is_as_it_is_written() {
        let known = ["provider", "subject"];
        assert_eq!(Template::parse(SamlIds::USUAL, &known), Ok(SamlIds::usual()));
    }

    #[rstest]
    #[case::usual(person("okta", "1", &[]), Some("okta/1"))]
    #[case::kept_from_before(person("entra", "1", &["ab-1"]), Some("ab-1"))]
    #[case::nothing_known(person("entra", "1", &[]), None)]
    #[case::no_text(person("entra", "1", &[""]), None)]
    #[case::several(person("entra", "1", &["ab-1", "ab-2"]), None)]
    #[case::of_no_provider(person("google", "1", &[]), None)]
    #[case::another_providers(person("entra", "1", &["okta/1"]), None)]
    #[case::in_another_case(person("entra", "1", &["OKTA/1"]), None)]
    #[case::behind_blanks(person("entra", "1", &[" \u{a0}okta/1"]), None)]
    #[case::only_alike(person("entra", "1", &["okta-1"]), Some("okta-1"))]
    fn nobody_gets_the_id_of_another_providers_person(
        #[case] who: Identity,
        #[case] expected: Option<&str>,
    ) {
        let ids = ids(&[("okta", "{provider}/{subject}"), ("entra", "{oid}")]);
        assert_eq!(ids.of(&who).as_deref(), expected);
    }

    #[test]
    fn a_beginning_that_continues_another_is_left_to_its_provider() {
        let ids = ids(&[("a", "x-{subject}"), ("b", "x-y-{subject}")]);
        assert_eq!(ids.of(&person("a", "1", &[])).as_deref(), Some("x-1"));
        assert_eq!(ids.of(&person("a", "y-1", &[])), None);
        assert_eq!(ids.of(&person("b", "1", &[])).as_deref(), Some("x-y-1"));
    }
}
