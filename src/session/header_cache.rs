//! The values of the headers that tell the upstream who the customer is. They are kept with the session, so
//! that a request need not make them. Must not know their names or how they are made.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;
use http::HeaderValue;
use parking_lot::Mutex;

use crate::assertion::Validity;

/// Header values that were made with one configuration.
#[derive(Debug)]
pub struct UpstreamHeaders {
    /// Which configuration made them.
    pub configuration: u64,
    /// In the order of the configured headers; `None` for a header that is not sent.
    pub values: Box<[Option<HeaderValue>]>,
    /// How long the assertion among them is valid; `None` without an assertion.
    pub validity: Option<Validity>,
}

/// Keeps the values of one session. Reading never waits.
#[derive(Default)]
pub struct HeaderCache {
    present: ArcSwapOption<UpstreamHeaders>,
    making: Mutex<()>,
    renewing: AtomicBool,
}

impl HeaderCache {
    /// What is kept, whatever its configuration and age.
    #[must_use]
    pub fn load(&self) -> Option<Arc<UpstreamHeaders>> {
        self.present.load_full()
    }

    /// Whether the caller is to renew the values. Only one caller is told so, until new values are kept.
    pub fn begin_renewal(&self) -> bool {
        !self.renewing.swap(true, Ordering::AcqRel)
    }

    /// What is kept, if it `fits`. Otherwise makes new values and keeps them. Of many callers at once one
    /// makes them, and the others wait.
    pub fn load_or<E>(
        &self,
        fits: impl Fn(&UpstreamHeaders) -> bool,
        make: impl FnOnce() -> Result<UpstreamHeaders, E>,
    ) -> Result<Arc<UpstreamHeaders>, E> {
        let _alone = self.making.lock();
        if let Some(present) = self.load().filter(|present| fits(present)) {
            return Ok(present);
        }
        let fresh = Arc::new(make()?);
        self.present.store(Some(Arc::clone(&fresh)));
        self.renewing.store(false, Ordering::Release);
        Ok(fresh)
    }
}

impl fmt::Debug for HeaderCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HeaderCache")
    }
}
