//! The headers that tell the upstream who the customer is: made once for a session, then reused. It
//! must not know who may use what.

mod template;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::assertion::{Age, Signer};
use crate::config::Config;
use crate::domain::Template;
use crate::problem::Problem;
use crate::session::{Session, UpstreamHeaders};

/// Numbers the configurations, so that values of an earlier one are recognised.
static CONFIGURATIONS: AtomicU64 = AtomicU64::new(0);

/// The identity headers of one configuration.
pub(crate) struct IdentityHeaders {
    configuration: u64,
    /// The last one is the assertion's.
    names: Vec<HeaderName>,
    templates: Vec<Template>,
    signer: Option<Signer>,
    /// How many bytes all of them together may have.
    limit: usize,
}

impl IdentityHeaders {
    /// Those of a configuration. Without a signer no assertion is sent.
    pub(crate) fn new(config: &Config, signer: Option<Signer>) -> Self {
        let templates = config.forward.identity.iter().map(|(_, template)| template.clone());
        Self {
            configuration: CONFIGURATIONS.fetch_add(1, Ordering::Relaxed),
            names: names(config).cloned().collect(),
            templates: templates.collect(),
            signer,
            limit: config.limits.identity_bytes,
        }
    }

    /// The values for a session. As a rule they are there already.
    ///
    /// An assertion past half its life is sent once more while the next one is signed beside the
    /// request. Only the first request of a session, and the first after a pause, wait for a
    /// signature.
    ///
    /// # Errors
    /// When they are more than the upstream takes, or cannot be signed.
    pub(crate) fn of(
        self: &Arc<Self>,
        session: &Arc<Session>,
    ) -> Result<Arc<UpstreamHeaders>, Problem> {
        let present = session.upstream_headers.load();
        match present.map(|present| (self.age(&present), present)) {
            Some((Age::Fresh, present)) => Ok(present),
            Some((Age::Aging, present)) => {
                if session.upstream_headers.begin_renewal() {
                    self.renew_beside(session);
                }
                Ok(present)
            }
            Some((Age::Old, _)) | None => self.make_for(session, |age| age != Age::Old),
        }
    }

    /// Puts values into a request's headers. They were checked when they were made.
    pub(crate) fn put(&self, values: &UpstreamHeaders, headers: &mut HeaderMap) {
        for (name, value) in self.names.iter().zip(&values.values) {
            if let Some(value) = value {
                headers.insert(name.clone(), value.clone());
            }
        }
    }

    fn age(&self, values: &UpstreamHeaders) -> Age {
        if values.configuration != self.configuration {
            return Age::Old;
        }
        let signed = self.signer.as_ref().zip(values.validity);
        signed.map_or(Age::Fresh, |(signer, validity)| signer.age(validity))
    }

    fn renew_beside(self: &Arc<Self>, session: &Arc<Session>) {
        let (headers, session) = (Arc::clone(self), Arc::clone(session));
        tokio::spawn(async move {
            if let Err(problem) = headers.make_for(&session, |age| age == Age::Fresh) {
                tracing::warn!(code = %problem.code(), "an assertion could not be renewed");
            }
        });
    }

    fn make_for(
        &self,
        session: &Session,
        fits: impl Fn(Age) -> bool,
    ) -> Result<Arc<UpstreamHeaders>, Problem> {
        let fits = |present: &UpstreamHeaders| fits(self.age(present));
        session.upstream_headers.load_or(fits, || self.make(session))
    }

    fn make(&self, session: &Session) -> Result<UpstreamHeaders, Problem> {
        let identity = &session.identity;
        let mut values: Vec<_> =
            self.templates.iter().map(|one| template::value(one, identity)).collect();
        let mut validity = None;
        if let Some(signer) = &self.signer {
            let assertion = signer.sign(identity).ok_or(Problem::Internal)?;
            let mut value =
                HeaderValue::try_from(assertion.token).map_err(|_| Problem::Internal)?;
            value.set_sensitive(true);
            values.push(Some(value));
            validity = Some(assertion.validity);
        }
        let length = |(name, value): (&HeaderName, &Option<HeaderValue>)| {
            value.as_ref().map_or(0, |value| name.as_str().len() + value.len() + ": \r\n".len())
        };
        let bytes: usize = self.names.iter().zip(&values).map(length).sum();
        if bytes > self.limit {
            return Err(Problem::IdentityTooLarge { bytes, limit: self.limit });
        }
        Ok(UpstreamHeaders { configuration: self.configuration, values: values.into(), validity })
    }
}

/// The names of all of them, which customers may not use.
pub(crate) fn names(config: &Config) -> impl Iterator<Item = &HeaderName> {
    let assertion = config.forward.assertion.iter().map(|assertion| &assertion.header);
    config.forward.identity.iter().map(|(name, _)| name).chain(assertion)
}
