//! `[jsm]`

use url::Url;

use crate::config::field::{Field, Span};
use crate::config::parsed::{Deployment, JsmConfig};
use crate::config::reader::Reader;
use crate::config::secret::{self, SecretSources};
use crate::config::values::ValueError;
use crate::config::{default, raw, values};
use crate::domain::{Email, is_loopback};

pub(super) fn read(field: &Field<raw::Jsm>, reader: &mut Reader<'_>) -> Option<JsmConfig> {
    let (raw, section) = (reader.value(field)?, field.span()?);
    let url = reader.parse(&raw.url, base_url);
    reader.report.broken(&raw.deployment);
    let deployment = told_deployment(raw);
    let email = reader.parse(&raw.email, |text| Ok(Email::parse(text)?));
    if let Some(url) = &url {
        token_is_safe(raw, url, reader);
        product_fits(raw, url, deployment, &section, reader);
    }
    let api_token = secret::required(reader, &section, &api_token(raw));
    let refresh = reader.parse_or(&raw.refresh, default::JSM_REFRESH, values::duration);
    let timeout = reader.parse_or(&raw.timeout, default::JSM_TIMEOUT, values::duration);
    let concurrency = reader.value_or(&raw.concurrency, default::JSM_CONCURRENCY);
    let ca_file = reader.ca_file(&raw.ca_file);
    let cloud_api_url =
        reader.parse_or(&raw.cloud_api_url, default::JSM_CLOUD_API_URL, values::secure_url);
    Some(JsmConfig {
        url: url?,
        deployment,
        email,
        api_token: api_token?,
        refresh: refresh?,
        timeout: timeout?,
        concurrency: usize::try_from(concurrency).unwrap_or(usize::MAX),
        ca_file,
        cloud_api_url: cloud_api_url?,
    })
}

/// Which product it is, as far as the file tells, whatever is wrong with other keys.
pub(super) fn deployment(field: &Field<raw::Jsm>) -> Option<Deployment> {
    told_deployment(field.value()?)
}

fn told_deployment(raw: &raw::Jsm) -> Option<Deployment> {
    let is_cloud = || {
        let url = values::base_url(raw.url.value()?).ok()?;
        is_cloud_site(&url).then_some(Deployment::Cloud)
    };
    raw.deployment.value().copied().or_else(is_cloud)
}

/// The gate's own addresses are beside JSM's, so JSM cannot have all of its own below one of them.
fn base_url(text: &str) -> Result<Url, ValueError> {
    let url = values::base_url(text)?;
    let first = url.path_segments().and_then(|mut segments| segments.next());
    if matches!(first, Some("p" | "_gate")) {
        let invalid =
            ValueError::new("has a context path that is the gate's own", "expected another one");
        return Err(
            invalid.remedy("give Jira a context path that does not begin with /p or /_gate")
        );
    }
    Ok(url)
}

fn api_token(raw: &raw::Jsm) -> SecretSources<'_> {
    SecretSources {
        name: "api_token",
        file: &raw.api_token_file,
        env: &raw.api_token_env,
        credential: &raw.api_token_credential,
    }
}

/// Over plain http, everybody on the way reads the token and whatever customers write.
fn token_is_safe(raw: &raw::Jsm, url: &Url, reader: &mut Reader<'_>) {
    let allowed = reader.insecure(
        &raw.insecure_plain_http,
        "the token and customers' requests may go to JSM over plain http",
        "give JSM a certificate and use https",
    );
    if url.scheme() == "http" && !is_loopback(url) && !allowed {
        let at = raw.url.span().unwrap_or_default();
        let mistake = reader.report.mistake(at, "would send the token over plain http");
        mistake.expected("expected https; plain http is for a loopback address only").remedy(
            "use https; or, in a network you trust, set insecure_plain_http = true in [jsm]",
        );
    }
}

/// Whether the host name alone says that it is Cloud.
fn is_cloud_site(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.ends_with(".atlassian.net"))
}

/// Cloud and Data Center differ in how the service account logs in.
fn product_fits(
    raw: &raw::Jsm,
    url: &Url,
    deployment: Option<Deployment>,
    section: &Span,
    reader: &mut Reader<'_>,
) {
    if is_cloud_site(url) && deployment == Some(Deployment::DataCenter) {
        let at = raw.deployment.span().unwrap_or_default();
        let mistake = reader.report.mistake(at, "is data-center, but `jsm.url` is a Cloud site");
        mistake.expected("expected cloud").remedy("leave it out: it is found out");
    }
    let is_cloud = is_cloud_site(url) || deployment == Some(Deployment::Cloud);
    if is_cloud && !raw.email.is_given() {
        let path = format!("{}.email", reader.report.path(section));
        let remedy = "add email = …: on Cloud a token works only with its account's address";
        reader.report.missing(path, section, remedy);
    }
}
