//! Entity id and assertion consumer service, as an admin copied them from Atlassian's screen. Two of Atlassian's
//! doors show addresses of a known form; of the third it is not known, so another form is no mistake.

use super::{is_atlassians, subject};
use crate::config::ServiceProviderConfig;
use crate::domain::Finding;

/// What both begin with at Atlassian (Microsoft's and Ping's guides to Atlassian Cloud).
const ENTITY_ID: &str = "https://auth.atlassian.com/saml/";
const ACS: &str = "https://auth.atlassian.com/login/callback";
const ACS_QUERY: &str = "?connection=saml-";

/// What docs/atlassian-accounts.md has an admin write until Atlassian shows its addresses.
const PLACEHOLDER: &str = "not-known-yet";

const COPY: &str = "copy \"Service provider entity URL\" to entity_id and \"Service provider assertion \
                    consumer service URL\" to acs_url, each whole, and reload";

pub(super) fn check(one: &ServiceProviderConfig) -> Option<Finding> {
    is_atlassians(one.preset).then(|| of_atlassian(one))
}

fn of_atlassian(one: &ServiceProviderConfig) -> Finding {
    let subject = subject(one);
    let Some(acs) = one.acs_urls.first() else {
        return Finding::failure(subject, "it has no acs_url", COPY);
    };
    if [&one.entity_id, acs].iter().any(|it| it.contains(PLACEHOLDER)) {
        let text = "entity_id or acs_url is a placeholder still, so nobody can log in there";
        return Finding::failure(subject, text, COPY);
    }
    if one.entity_id.starts_with(ACS) && acs.starts_with(ENTITY_ID) {
        return Finding::failure(subject, "entity_id and acs_url are swapped", COPY);
    }
    if acs.trim_end_matches('?') == ACS {
        let text = "acs_url lacks what follows the ? at Atlassian";
        return Finding::failure(subject, text, COPY);
    }
    let connection = acs.strip_prefix(ACS).and_then(|rest| rest.strip_prefix(ACS_QUERY));
    let entity = one.entity_id.strip_prefix(ENTITY_ID);
    match (entity.filter(|it| !it.is_empty()), connection.filter(|it| !it.is_empty())) {
        (Some(entity), Some(connection)) if entity == connection => Finding::ok(
            subject,
            format!("entity_id and acs_url are of Atlassian's usual form, both of {entity}"),
        ),
        (Some(entity), Some(connection)) => Finding::failure(
            subject,
            format!(
                "entity_id is of {entity}, and acs_url of {connection}: they are of two connections"
            ),
            COPY,
        ),
        (entity, connection) => {
            let odd = [("entity_id", entity), ("acs_url", connection)];
            let odd = odd.iter().filter(|(_, part)| part.is_none()).map(|(key, _)| *key);
            let odd: Vec<_> = odd.collect();
            let (odd, is) = (odd.join(" and "), if odd.len() == 1 { "is" } else { "are" });
            let text = format!("{odd} {is} not of Atlassian's usual form");
            let remedy = "compare with Atlassian's screen letter by letter; if it is what stands there, all is well";
            Finding::warning(subject, text, remedy)
        }
    }
}
