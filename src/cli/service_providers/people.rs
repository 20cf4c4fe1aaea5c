//! Whom service providers are told of: whether an address is the person's, by what they are known for good, and
//! that no provider can speak for another one's people.

use crate::config::{Config, NameIdValue, ProviderConfig};
use crate::domain::{EmailDomain, Finding, ProviderId};

/// Whether a provider says among its claims that it tells whether an address is verified. `None` where it does
/// not list them, or was not asked.
pub(in crate::cli) type TellsVerified<'a> = &'a dyn Fn(&ProviderId) -> Option<bool>;

pub(super) fn check(config: &Config, tells_verified: TellsVerified<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for provider in config.providers.iter().filter(|provider| is_let_in(config, &provider.id)) {
        if needs_addresses(config) {
            findings.push(address(provider, tells_verified(&provider.id)));
        }
        findings.extend(name(provider));
        findings.extend(domains(provider, &config.providers));
    }
    findings
}

/// Whether any service provider takes a provider's people.
fn is_let_in(config: &Config, id: &ProviderId) -> bool {
    let takes = |only: &Option<ProviderId>| only.as_ref().is_none_or(|only| only == id);
    config.service_providers.iter().any(|one| takes(&one.rules.provider))
}

/// Whether any service provider is told addresses, or finds people by them.
fn needs_addresses(config: &Config) -> bool {
    config.service_providers.iter().any(|one| {
        let named = match &one.name_id.value {
            NameIdValue::Template(template) => template.placeholders().any(|name| name == "email"),
            NameIdValue::JiraUsername => true,
        };
        let attributes = one.attributes.iter().flat_map(|(_, template)| template.placeholders());
        named || attributes.into_iter().any(|name| name == "email")
    })
}

/// Where a provider vouches for no address, nobody gets through.
fn address(provider: &ProviderConfig, tells_verified: Option<bool>) -> Finding {
    let subject = subject(provider);
    let (policy, claim) = (&provider.email, &provider.attributes.email_verified);
    let given_out: Vec<_> = policy.verified_domains.iter().map(EmailDomain::as_str).collect();
    let given_out = given_out.join(", ");
    match (policy.insecure_allow_unverified, given_out.is_empty()) {
        (true, true) => Finding::failure(
            subject,
            "with insecure_allow_unverified_email and no verified_email_domains no address is told to \
             service providers, so nobody gets through",
            vouching(provider),
        ),
        (true, false) => Finding::warning(
            subject,
            format!(
                "with insecure_allow_unverified_email only addresses of {given_out} are told to service \
                 providers"
            ),
            "remove insecure_allow_unverified_email",
        ),
        (false, true) if tells_verified == Some(false) => Finding::warning(
            subject,
            format!(
                "it does not list {claim} among its claims; without it no address is told to service \
                 providers, and nobody gets through"
            ),
            vouching(provider),
        ),
        (false, true) => Finding::ok(
            subject,
            format!("service providers are told an address when {claim} is true"),
        ),
        (false, false) => Finding::ok(
            subject,
            format!(
                "service providers are told addresses of {given_out}, and others when {claim} is true"
            ),
        ),
    }
}

/// How a provider comes to vouch for addresses.
fn vouching(provider: &ProviderConfig) -> String {
    format!(
        "name the domains whose addresses it gives out itself in verified_email_domains, or have it send \
         {}; jsm-gate test-login {} shows whether it does",
        provider.attributes.email_verified, provider.id
    )
}

/// What a service provider links an account by must stay, and be nobody else's. Of {email} in it the file itself
/// warns.
fn name(provider: &ProviderConfig) -> Option<Finding> {
    let (subject, names) = (subject(provider), provider.saml_id.placeholders().collect::<Vec<_>>());
    if names.contains(&"email") {
        return None;
    }
    let missing = ["provider", "subject"].into_iter().filter(|name| !names.contains(name));
    let missing: Vec<_> = missing.map(|name| format!("{{{name}}}")).collect();
    Some(if missing.is_empty() {
        let text = "service providers know its people by {provider} and {subject}, which stay";
        Finding::ok(subject, text)
    } else {
        let others = names.iter().filter(|name| !["provider", "subject"].contains(name));
        let others: Vec<_> = others.map(|name| format!("{{{name}}}")).collect();
        let stays = match others.as_slice() {
            [] => String::new(),
            others => format!(
                "make sure that {} never changes and is never given to somebody else, or ",
                others.join(" and ")
            ),
        };
        Finding::warning(
            subject,
            format!("saml_id has no {} in it", missing.join(" and no ")),
            format!(
                "{stays}leave saml_id out ({{provider}}/{{subject}}), unless it keeps links made before the gate"
            ),
        )
    })
}

/// Whose addresses others could speak for.
fn domains(provider: &ProviderConfig, all: &[ProviderConfig]) -> Option<Finding> {
    if all.len() < 2 {
        return None;
    }
    let (subject, policy) = (subject(provider), &provider.email);
    if policy.domains.is_empty() {
        return Some(Finding::warning(
            subject,
            "it has no email_domains, so another provider may vouch for addresses of its people",
            "name its mail domains in email_domains",
        ));
    }
    let shares = |other: &&ProviderConfig| {
        other.id != provider.id
            && other.email.shared_domains.iter().any(|domain| policy.domains.contains(domain))
    };
    let others: Vec<_> = all.iter().filter(shares).map(|other| other.id.as_str()).collect();
    Some(if others.is_empty() {
        Finding::ok(subject, "no other provider can vouch for addresses of its mail domains")
    } else {
        Finding::warning(
            subject,
            format!(
                "{} may vouch for addresses of its mail domains (shared_email_domains), and so open accounts \
                 of its people",
                others.join(", ")
            ),
            "take the domains out of shared_email_domains, unless these are the same people",
        )
    })
}

fn subject(provider: &ProviderConfig) -> String {
    format!("provider {}", provider.id)
}
