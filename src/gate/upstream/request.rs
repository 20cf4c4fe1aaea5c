//! Turns a customer's request into the one that the upstream gets: without anything that the customer
//! could say about who they are, with what the gate says (docs/security.md B). It must not know which
//! node gets it.

use std::mem;

use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, COOKIE, HOST, InvalidHeaderValue, ORIGIN, REFERER,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, request};
use pingora::http::RequestHeader;
use pingora::{Error, ErrorType, Result};

use super::super::context::{Forward, RequestContext};
use super::super::stripped_headers::StrippedHeaders;
use super::super::translate::Translation;
use super::super::{client, identity, rewrite};
use crate::config::{Config, ForwardedHost};
use crate::jsm::paths::logs_in;
use crate::session::cookie;

/// How many headers the gate puts into a request, besides who the customer is.
const ADDED: usize = 6;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Makes requests for the upstream.
pub(super) struct RequestMaker {
    host: HeaderValue,
    public_host: HeaderValue,
    public_scheme: HeaderValue,
    /// Whether the upstream is asked by its own name, so that addresses in headers have to have it.
    translates: bool,
    /// Whether bodies of answers are rewritten, so that their coding has to be one that the gate knows.
    rewrites: bool,
    stripped: StrippedHeaders,
}

impl RequestMaker {
    /// For requests with this `Host`.
    pub(super) fn new(
        config: &Config,
        host: HeaderValue,
        rewrites: bool,
    ) -> Result<Self, InvalidHeaderValue> {
        let public = &config.gate.public_url;
        let scheme = if public.is_https() { "https" } else { "http" };
        Ok(Self {
            host,
            public_host: HeaderValue::from_str(public.authority())?,
            public_scheme: HeaderValue::from_static(scheme),
            translates: config.forward.host != ForwardedHost::Public,
            rewrites,
            stripped: StrippedHeaders::new(identity::names(config)),
        })
    }

    /// Makes the request that the upstream gets.
    ///
    /// # Errors
    /// When nobody has decided that it may be forwarded.
    pub(super) fn prepare(
        &self,
        request: &mut RequestHeader,
        context: &RequestContext,
        translation: &Translation,
    ) -> Result<()> {
        let forward = context.forward.as_ref().ok_or_else(|| {
            Error::explain(ErrorType::InternalError, "a request that was not decided on")
        })?;
        let mut head = take(request);
        self.prepare_headers(&mut head.headers, forward, context, translation);
        *request = head.into();
        let path = forward.target.with_context(translation.context_path());
        // Usually it is there already, and parsing it again would take longer than comparing.
        if request.raw_path() == path.as_bytes() {
            Ok(())
        } else {
            request.set_raw_path(path.as_bytes())
        }
    }

    fn prepare_headers(
        &self,
        headers: &mut HeaderMap,
        forward: &Forward,
        context: &RequestContext,
        translation: &Translation,
    ) {
        for name in self.stripped.among(headers) {
            headers.remove(name);
        }
        headers.remove(AUTHORIZATION);
        replace_cookies(headers, forward);
        // Room for what follows, made once.
        headers.reserve(ADDED + forward.identity.as_ref().map_or(0, |it| it.values.len()));
        headers.insert(HOST, self.host.clone());
        if self.rewrites {
            let acceptable = HeaderValue::from_static(rewrite::acceptable(headers));
            headers.insert(ACCEPT_ENCODING, acceptable);
        }
        if self.translates {
            translate_up(translation, headers, ORIGIN);
            translate_up(translation, headers, REFERER);
        }
        self.say_where_from(headers, context);
        if let Some(values) = &forward.identity {
            context.app.identity.put(values, headers);
        }
    }

    /// Sets what a front tells an upstream, in place of whatever the customer sent.
    fn say_where_from(&self, headers: &mut HeaderMap, context: &RequestContext) {
        if let Some(client) = context.client.and_then(client::header_value) {
            headers.insert(X_FORWARDED_FOR, client);
        }
        headers.insert(X_FORWARDED_HOST, self.public_host.clone());
        headers.insert(X_FORWARDED_PROTO, self.public_scheme.clone());
        headers.insert(X_REQUEST_ID, context.request_id.header_value());
    }
}

fn translate_up(translation: &Translation, headers: &mut HeaderMap, name: HeaderName) {
    let value = headers.get(&name).and_then(|value| value.to_str().ok());
    let translated = value.and_then(|value| translation.address_up(value));
    if let Some(value) = translated.and_then(|value| HeaderValue::try_from(value).ok()) {
        headers.insert(name, value);
    }
}

/// Forgets the letter case of header names, which means nothing (RFC 9110, 5.1). pingora keeps it in a
/// second map, which is copied with every request and updated at every change.
///
/// A target that [`crate::reading::Target`] did not let through would be lost here.
pub(crate) fn drop_header_case(request: &mut RequestHeader) {
    if request.has_case() {
        *request = take(request).into();
    }
}

fn take(request: &mut RequestHeader) -> request::Parts {
    mem::replace(request, Request::new(()).into_parts().0.into()).into()
}

/// The upstream gets one `Cookie` line (HTTP/2 browsers send several: pingora #892) without any of
/// the gate's own, which would also fill up Tomcat's 8 KB. Where nobody is logged in here, cookies
/// by which Jira knows a login from elsewhere are left out as well, or Jira would log their owner in.
fn replace_cookies(headers: &mut HeaderMap, forward: &Forward) {
    let nobody = forward.session.is_none();
    let is_hidden = |name: &str, value: &str| match &forward.at_jira {
        Some(at_jira) => at_jira.hides(name, value),
        None => nobody && logs_in(name),
    };
    match cookie::without(headers, |name, value| cookie::is_ours(name) || is_hidden(name, value)) {
        Some(rest) => headers.insert(COOKIE, rest),
        None => headers.remove(COOKIE),
    };
}
