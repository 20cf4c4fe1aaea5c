//! Whether people's browsers reach the gate's own addresses. It is asked from this machine, as somebody outside
//! would ask: by the public name, over https, and with the authorities that the system trusts.

use std::error::Error as _;

use url::Url;

use super::http;
use crate::domain::{
    Finding, PublicUrl, ServiceProviderId, is_public, own_certificate_remedy, tls_error_in_words,
};

const SUBJECT: &str = "service providers";

/// A proof that it is the gate that answers, and not something else under its name.
const METADATA: &str = "entityID=";

/// Asks for the metadata of one service provider; the others have the same host.
pub(super) async fn check(public_url: &PublicUrl, id: &ServiceProviderId) -> Vec<Finding> {
    let at = |page: &str| public_url.join(&format!("/_gate/saml/{id}/{page}"));
    let (metadata, sso) = (at("metadata"), at("sso"));
    if !public_url.is_https() {
        let text = format!("the SSO URL {sso} has no https: service providers do not take it");
        let remedy = "give public_url https, and the gate a certificate";
        return vec![Finding::failure(SUBJECT, text, remedy)];
    }
    let answered = match ask(&metadata).await {
        Ok(body) if body.contains(METADATA) => Finding::ok(
            SUBJECT,
            format!("SSO URLs such as {sso} are reached over https by the certificate's name"),
        ),
        Ok(_) => Finding::warning(
            SUBJECT,
            format!("{metadata} is answered by something else than the gate with this file"),
            "reload the gate; does public_url lead to it?",
        ),
        Err(why) => {
            let remedy = own_certificate_remedy(&why).unwrap_or(
                "is the gate running? If it is: DNS, firewall, and a certificate that browsers trust",
            );
            Finding::warning(SUBJECT, format!("{metadata} cannot be read from here: {why}"), remedy)
        }
    };
    [Some(answered), inside_only(public_url).await].into_iter().flatten().collect()
}

async fn ask(url: &str) -> Result<String, String> {
    let answer = http().map_err(in_words)?.get(url).send().await.map_err(in_words)?;
    answer.text().await.map_err(in_words)
}

/// The innermost cause; what is around it says the address again.
fn in_words(error: reqwest::Error) -> String {
    let mut innermost = None;
    let mut cause = error.source();
    while let Some(inner) = cause {
        innermost = Some(inner.to_string());
        cause = inner.source();
    }
    tls_error_in_words(innermost.unwrap_or_else(|| error.without_url().to_string()))
}

/// Customers at home, and phones, are outside.
async fn inside_only(public_url: &PublicUrl) -> Option<Finding> {
    let url = Url::parse(&public_url.join("/")).ok()?;
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    let addresses = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await.ok()?;
    let addresses: Vec<_> = addresses.map(|address| address.ip().to_canonical()).collect();
    let all_inside = !addresses.is_empty() && !addresses.iter().copied().any(is_public);
    all_inside.then(|| {
        Finding::warning(
            SUBJECT,
            format!("{host} has no public address as seen from here, so only people inside your network can log in"),
            "give it a public address if people outside are to log in, and try it with a phone that is not in your network",
        )
    })
}
