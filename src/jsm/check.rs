//! The JSM part of `jsm-gate check`: what works, what will not, and what to do about it. It must
//! not know how findings are shown.

use url::Url;

use super::{Client, Directory, Error, Refreshed, TokenKind};
use crate::config::Deployment;
use crate::domain::{Finding, Portal, count, is_public};

/// Checks everything from here to JSM: whether it is reachable, the token, its rights, the
/// directory, the rules. Refreshes the directory, with a line for each portal. Stops where the rest
/// makes no sense.
pub async fn check(client: &Client, directory: &Directory) -> Vec<Finding> {
    let mut findings = Vec::new();
    match server(client).await {
        Ok(finding) => findings.push(finding),
        Err(error) => return vec![failure("jsm", &error)],
    }
    findings.extend(with_token(client, directory).await);
    findings.push(side_door(client).await);
    findings
}

/// What the token shows. Why JSM does not accept it is said once.
async fn with_token(client: &Client, directory: &Directory) -> Vec<Finding> {
    let account = match client.myself().await {
        Ok(account) => Finding::ok("jsm token", token(client, &account.label())),
        Err(error) => return vec![failure("jsm token", &error)],
    };
    let mut findings = vec![account, administrator(client).await];
    match directory.refresh().await {
        Ok(refreshed) => findings.extend(portals(directory, &refreshed)),
        Err(error) => findings.push(failure("jsm portals", &error)),
    }
    findings
}

/// Whether customers could reach JSM without the gate, as far as its addresses tell.
async fn side_door(client: &Client) -> Finding {
    let subject = "side door";
    let site = client.site();
    let open = match client.deployment().await {
        Ok(Deployment::Cloud) => true,
        Ok(Deployment::DataCenter) | Err(_) => has_public_address(site).await,
    };
    if !open {
        return Finding::ok(subject, format!("{site} has no public address"));
    }
    Finding::warning(
        subject,
        format!("{site} has a public address: who knows it may open the portals around the gate"),
        "let only the gate reach it (firewall, IP allowlist) and try its address from outside; \
         see docs/security.md",
    )
}

async fn has_public_address(site: &str) -> bool {
    let Ok(url) = Url::parse(site) else { return true };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    match tokio::net::lookup_host((host, port)).await {
        Ok(mut found) => found.any(|address| is_public(address.ip().to_canonical())),
        Err(_) => true,
    }
}

async fn server(client: &Client) -> Result<Finding, Error> {
    let server = client.server_info().await?;
    let (name, other) = match server.deployment() {
        Deployment::Cloud => ("Cloud", "cloud"),
        Deployment::DataCenter => ("Data Center", "data-center"),
    };
    let text = format!("{} answers: Jira {name} {}", client.site(), server.version);
    if client.deployment().await? == server.deployment() {
        return Ok(Finding::ok("jsm", text));
    }
    let remedy = format!("set [jsm] deployment = {other:?}, or leave it out");
    Ok(Finding::failure("jsm", format!("{text}, which is not what [jsm] deployment says"), remedy))
}

fn token(client: &Client, who: &str) -> String {
    match client.token_kind() {
        Some(TokenKind::Scoped) => {
            format!("{who}; a scoped token, used through Atlassian's API gateway")
        }
        Some(TokenKind::Plain) => format!("{who}; a token without scopes"),
        Some(TokenKind::Personal) | None => who.to_owned(),
    }
}

/// Creating a customer needs the global permission (JSM REST, "Create customer"); nothing else
/// that the gate does needs it.
async fn administrator(client: &Client) -> Finding {
    let subject = "jsm rights";
    match client.my_permissions(&["ADMINISTER"]).await {
        Ok(has) if has.get("ADMINISTER") == Some(&true) => {
            Finding::ok(subject, "the service account is Jira administrator")
        }
        Ok(_) => Finding::warning(
            subject,
            "the service account is not Jira administrator, so it cannot create customers; \
             those who log in must already be customers in JSM",
            "grant it the global permission \"Administer Jira\", or create customers another way",
        ),
        Err(error) => failure(subject, &error),
    }
}

fn portals(directory: &Directory, refreshed: &Refreshed) -> Vec<Finding> {
    let subject = "jsm portals";
    let mut findings = Vec::new();
    findings.push(match refreshed.listed {
        0 => Finding::warning(
            subject,
            "the service account sees no service desk",
            "add it as agent to the service desks whose portals the gate is to serve",
        ),
        listed => {
            let desks = count(listed, "service desk");
            Finding::ok(subject, format!("the service account sees {desks}"))
        }
    });
    let remedy = "look at it in JSM; a portal that was known before stays open";
    let odd = directory.odd_entries().into_iter();
    findings.extend(odd.map(|entry| Finding::warning(subject, entry, remedy)));
    findings.extend(directory.portals().all().iter().map(|portal| one(portal)));
    findings.extend(directory.rule_problems());
    findings
}

/// One portal: where it is, and for whom.
fn one(portal: &Portal) -> Finding {
    let Portal { project_key, name, link, rules, .. } = portal;
    let subject = format!("portal {project_key}");
    if portal.gone {
        let text = format!("{name:?} is closed: JSM does not list it any more");
        let remedy = "give the service account access to it again, or tell customers where to go";
        return Finding::warning(subject, text, remedy);
    }
    if portal.portal_id.is_none() {
        return without_id(portal);
    }
    Finding::ok(subject, format!("{name:?} at /p/{link}, access {}", rules.access.as_str()))
}

fn without_id(portal: &Portal) -> Finding {
    let Portal { project_key, name, .. } = portal;
    Finding::warning(
        format!("portal {project_key}"),
        format!("JSM does not tell the portal id of {name:?}, so its link cannot be forwarded"),
        format!(
            "add a [[portal]] with project = {project_key:?} and portal_id = the number in the \
             portal's own address, …/servicedesk/customer/portal/<number>"
        ),
    )
}

fn failure(subject: &str, error: &Error) -> Finding {
    Finding::failure(subject, error.to_string(), error.remedy())
}
