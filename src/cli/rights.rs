//! The part of `jsm-gate check` about hosted portals: what of them works with this token. The same
//! table, without a token, is in `docs/hosted.md`.

use bytesize::ByteSize;

use crate::config::{Config, Deployment};
use crate::domain::{Finding, Mode, OrganizationRequests, Portal};
use crate::jsm::{Client, Desk, DeskRights, Error, Rights};

/// One line a function; none where no portal is hosted.
pub(super) async fn check(
    config: &Config,
    client: &Client,
    portals: &[std::sync::Arc<Portal>],
) -> Vec<Finding> {
    let hosted = |portal: &&std::sync::Arc<Portal>| portal.mode == Mode::Hosted && !portal.gone;
    let hosted: Vec<_> = portals.iter().filter(hosted).collect();
    if hosted.is_empty() {
        return Vec::new();
    }
    let mut findings = match client.rights().await {
        Ok(rights) => anywhere(config, rights),
        Err(error) => vec![failure("hosted", &error)],
    };
    findings.push(Finding::ok(
        "hosted comments",
        "the service account writes customers' replies, so JSM takes them for an agent's in SLAs, automation \
         and mail; docs/hosted.md has a rule for that",
    ));
    findings.extend(files(config, client).await);
    for portal in hosted {
        findings.extend(match client.rights_at(Desk::from(&**portal)).await {
            Ok(rights) => at_desk(config, portal, rights),
            Err(error) => vec![failure(&format!("hosted {}", portal.project_key), &error)],
        });
    }
    if !config.customers.groups.is_empty() {
        findings.extend(groups(config, client).await);
    }
    findings
}

/// Jira's own limit of size, where it is the smaller one. Where Jira does not tell, customers are told what it
/// does not take.
async fn files(config: &Config, client: &Client) -> Option<Finding> {
    let (subject, own) = ("hosted files", config.hosted.file_bytes);
    match client.attachment_limit().await {
        Ok(0) => {
            let text = "Jira takes no files: attachments are switched off there";
            let remedy = "switch them on in Jira, or tell customers another way to send files";
            Some(Finding::warning(subject, text, remedy))
        }
        Ok(jiras) if jiras < own => {
            let text = format!(
                "customers may attach files of up to {}: that is Jira's own limit, and [hosted] file_bytes \
                 is {}",
                ByteSize::b(jiras).display().si(),
                ByteSize::b(own).display().si()
            );
            Some(Finding::ok(subject, text))
        }
        Ok(_) | Err(_) => None,
    }
}

fn anywhere(config: &Config, rights: Rights) -> Vec<Finding> {
    vec![
        if rights.browses_users {
            Finding::ok("hosted accounts", "the token finds accounts by their address")
        } else {
            Finding::failure(
                "hosted accounts",
                "the token cannot find accounts by their address, so nobody gets in whom \
                 `jsm-gate customers bind` does not name",
                "grant the service account the global permission \"Browse users and groups\"",
            )
        },
        match (config.customers.create, rights.administrator) {
            (true, true) => Finding::ok("hosted new customers", "the first login makes an account"),
            (true, false) => Finding::warning(
                "hosted new customers",
                "the token may not make accounts: whom JSM does not know gets a page that says so",
                "grant the service account \"Administer Jira\", or set [customers] create = false",
            ),
            (false, _) => Finding::ok(
                "hosted new customers",
                "[customers] create = false: whom JSM does not know gets a page that says so",
            ),
        },
    ]
}

fn at_desk(config: &Config, portal: &Portal, rights: DeskRights) -> Vec<Finding> {
    let subject = format!("hosted {}", portal.project_key);
    let mut findings = vec![match rights.agent {
        Some(true) => Finding::ok(&subject, "the token reads and raises requests for customers"),
        Some(false) => Finding::failure(
            &subject,
            "the service account is no agent of the desk, so it cannot raise requests for customers",
            "add it to the desk as an agent",
        ),
        None => Finding::warning(
            &subject,
            "JSM does not tell whether the service account is an agent of the desk",
            "make sure that it is one: only agents raise requests for customers",
        ),
    }];
    if portal.open_desk || !portal.rules.allow.is_empty() {
        findings.push(if rights.administrator {
            Finding::ok(&subject, "the token adds customers to the desk")
        } else {
            Finding::warning(
                &subject,
                "the token may not add customers to the desk; their requests are raised all the same",
                "grant the service account \"Administer projects\" there",
            )
        });
    }
    if config.hosted.organization_requests != OrganizationRequests::None {
        findings.push(sharing(&subject, rights));
    }
    if portal.open_desk {
        let text = "open_desk = true: whoever may use the link may raise requests, whatever JSM's own \
                    restriction of the desk says";
        findings.push(Finding::ok(&subject, text));
    }
    findings
}

fn sharing(subject: &str, rights: DeskRights) -> Finding {
    if rights.edits_issues {
        return Finding::ok(subject, "the token shares requests with organisations");
    }
    Finding::warning(
        subject,
        "the token may not share requests with organisations: they stay private, and their page says so",
        "grant the service account \"Edit issues\" there",
    )
}

/// A group that makes customers staff is never joined; whoever configured it wants to know.
async fn groups(config: &Config, client: &Client) -> Vec<Finding> {
    let subject = "hosted groups";
    if client.deployment().await.is_ok_and(|product| product == Deployment::Cloud) {
        let text = "[[customers.group]] has no effect: Cloud has its customers in no group";
        return vec![Finding::warning(subject, text, "remove it; use organisations")];
    }
    let of_staff = match client.groups_with_application_roles().await {
        Ok(groups) => groups,
        Err(error) => return vec![failure(subject, &error)],
    };
    let one = |rule: &crate::config::GroupRule| {
        let name = &rule.name;
        if of_staff.iter().any(|group| group.to_lowercase() == name.to_lowercase()) {
            let text = format!("{name:?} gives access to an application, so nobody joins it");
            Finding::failure(subject, text, "name a group that gives customers nothing else")
        } else {
            Finding::ok(subject, format!("customers may join {name:?}"))
        }
    };
    config.customers.groups.iter().map(one).collect()
}

fn failure(subject: &str, error: &Error) -> Finding {
    Finding::failure(subject, error.to_string(), error.remedy())
}
