//! The part of `jsm-gate check` about Jira's own login with the gate as its identity provider: what Jira shows a
//! stranger proves most of it, and what a system administrator's token shows the rest.

use saml::ServiceProvider;

use crate::config::{Config, ServiceProviderConfig};
use crate::domain::{Clock, ContextPath, Finding};
use crate::jsm::{Client, Error, LoginOption, LoginSettings, LoginStart, Members, is_as_told};
use crate::keys::SamlKeys;

const SUBJECT: &str = "jira login";

/// Asks Jira, where customers log in to it through the gate.
pub(super) async fn check(config: &Config, client: &Client, clock: &Clock) -> Vec<Finding> {
    let Some(jira) = config.jira_login() else { return Vec::new() };
    let public = &config.gate.public_url;
    let address = |page| public.join(&jira.id.path(page));
    let base = public.join(ContextPath::of(&config.jsm.url).as_str());
    let base = base.trim_end_matches('/');
    let mut findings = vec![options(client.login_options(base).await)];
    match client.login_start(base).await {
        Ok(start) => {
            findings.push(request(jira, &address("sso"), &start, clock.unix_seconds()));
            findings.push(names_users(&start));
        }
        Err(error) => findings.push(failure(&error)),
    }
    // Nobody has to have a system administrator's token.
    let settings = LoginSettings::new(client.clone());
    if let Ok(Some(found)) = settings.identity_provider(&address("metadata")).await {
        let keys = SamlKeys::kept(&config.gate.state_dir, jira).ok().flatten();
        findings.extend(keys.map(|keys| certificate(&found, &keys.current.certificate_pem())));
        findings.push(besides(&found));
    }
    findings
}

/// Whether the gate is the one way to log in.
fn options(told: Result<Vec<LoginOption>, Error>) -> Finding {
    let apply = "run jsm-gate saml jira --apply, or paste what jsm-gate saml values prints";
    let found = match told {
        Ok(found) => found,
        Err(error) => {
            let text = format!("Jira does not tell which ways to log in it has: {error}");
            let remedy =
                "it takes Jira 8.16 or later with a Data Center licence; docs/jira-login.md";
            return Finding::failure(SUBJECT, text, remedy);
        }
    };
    match found.as_slice() {
        [LoginOption::IdentityProvider(button)] => {
            Finding::ok(SUBJECT, format!("the portal goes to {button:?} by itself"))
        }
        [] | [LoginOption::Form] => {
            Finding::failure(SUBJECT, "the portal knows of no identity provider", apply)
        }
        all if all.contains(&LoginOption::Form) => Finding::warning(
            SUBJECT,
            "the portal still offers its form for passwords, so customers have to choose",
            apply,
        ),
        all => Finding::failure(
            SUBJECT,
            format!(
                "the portal offers {} identity providers, so customers have to choose",
                all.len()
            ),
            "switch \"include customer logins\" off at all but the gate",
        ),
    }
}

/// Whether Jira's request comes to the gate, and is one that the gate answers.
fn request(jira: &ServiceProviderConfig, sso_url: &str, start: &LoginStart, now: u64) -> Finding {
    let location = start.location.as_deref().unwrap_or_default();
    let Some(query) = location.strip_prefix(sso_url).and_then(|rest| rest.strip_prefix('?')) else {
        let leads = match location {
            "" => format!("shows a page of its own ({})", start.status),
            location => format!("leads to {}", location.split('?').next().unwrap_or(location)),
        };
        let text = format!("the portal's login {leads}, and not to {sso_url}");
        return Finding::failure(SUBJECT, text, "compare it with jsm-gate saml values");
    };
    let peer =
        ServiceProvider { entity_id: &jira.entity_id, acs_urls: &jira.acs_urls, keys: &jira.keys };
    match saml::authn_request::by_redirect(query, &peer, sso_url, now) {
        Ok(_) => {
            Finding::ok(SUBJECT, "Jira's request comes to the gate and names the right base URL")
        }
        Err(error) => Finding::failure(
            SUBJECT,
            format!("the gate would refuse Jira's request: {error}"),
            "Jira's base URL has to be the gate's public address, letter by letter, and the clocks alike",
        ),
    }
}

/// Whether an answer to somebody else would be noticed.
fn names_users(start: &LoginStart) -> Finding {
    if start.names_user {
        return Finding::ok(SUBJECT, "Jira says in its answers whom it takes a browser for");
    }
    Finding::warning(
        SUBJECT,
        "Jira does not say in its answers whom it takes a browser for (X-AUSERNAME), so an answer to \
         somebody else would pass",
        "let nothing between Jira and the gate remove that header",
    )
}

/// Whether Jira verifies answers with the certificate that they are signed by.
fn certificate(found: &Members, pem: &str) -> Finding {
    if is_as_told(found.get("certificate"), &pem.into()) {
        return Finding::ok(SUBJECT, "Jira has the certificate that the gate signs by");
    }
    Finding::failure(
        SUBJECT,
        "Jira has another certificate than the gate signs by, and would refuse every answer",
        "run jsm-gate saml jira --apply, or paste the one of jsm-gate saml values",
    )
}

/// Whether what makes accounts, or remembers browsers, is off.
fn besides(found: &Members) -> Finding {
    let is_on = |object: &Members, name: &str| object.get(name) == Some(&true.into());
    let makes = found.get("jit-configuration").and_then(|jit| jit.as_object());
    let makes = makes.is_some_and(|jit| is_on(jit, "user-provisioning-enabled"));
    let wrong = match (makes, is_on(found, "enable-remember-me")) {
        (false, false) => {
            return Finding::ok(
                SUBJECT,
                "Jira makes no accounts by itself and remembers no browser",
            );
        }
        (true, _) => {
            "just-in-time provisioning is on: Jira would rename accounts and take groups away"
        }
        (false, true) => {
            "\"remember me\" is on: Jira would know a browser longer than the gate does"
        }
    };
    Finding::warning(SUBJECT, wrong, "switch it off, or run jsm-gate saml jira --apply")
}

fn failure(error: &Error) -> Finding {
    Finding::failure(SUBJECT, error.to_string(), error.remedy())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::Level;

    fn gate() -> LoginOption {
        LoginOption::IdentityProvider("Customer login".to_owned())
    }

    #[rstest]
    #[case::alone(vec![gate()], Level::Ok, "goes to \"Customer login\" by itself")]
    #[case::form_too(vec![LoginOption::Form, gate()], Level::Warning, "still offers its form")]
    #[case::form_alone(vec![LoginOption::Form], Level::Failure, "knows of no identity provider")]
    #[case::nothing(vec![], Level::Failure, "knows of no identity provider")]
    #[case::two(vec![gate(), gate()], Level::Failure, "offers 2 identity providers")]
    fn the_gate_has_to_be_the_one_way(
        #[case] told: Vec<LoginOption>,
        #[case] level: Level,
        #[case] says: &str,
    ) {
        let finding = options(Ok(told));
        assert_eq!(finding.level, level);
        assert!(finding.text.contains(says), "{finding:?}");
    }

    #[test]
    fn what_jira_was_told_besides_is_looked_at() {
        let members = |text: &str| serde_json::from_str::<Members>(text).unwrap();
        assert_eq!(certificate(&members(r#"{"certificate": "A\nB"}"#), "AB").level, Level::Ok);
        assert_eq!(certificate(&members("{}"), "AB").level, Level::Failure);
        for (text, level) in [
            (r#"{"jit-configuration": {"user-provisioning-enabled": false}}"#, Level::Ok),
            (r#"{"jit-configuration": {"user-provisioning-enabled": true}}"#, Level::Warning),
            (r#"{"enable-remember-me": true}"#, Level::Warning),
        ] {
            assert_eq!(besides(&members(text)).level, level, "{text}");
        }
    }
}
