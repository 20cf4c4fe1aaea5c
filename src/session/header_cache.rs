//! The values of the headers that tell the upstream whose session it is, kept with the session so
//! that a request need not make them. Knows neither their names nor how they are made.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;
use http::HeaderValue;
use parking_lot::Mutex;

use crate::assertion::Validity;

/// Values as one configuration makes them.
#[derive(Debug)]
pub struct UpstreamHeaders {
    /// Which configuration made them.
    pub configuration: u64,
    /// In the order of its headers; nothing for a header that is not sent.
    pub values: Box<[Option<HeaderValue>]>,
    /// How long the assertion among them is good; `None` when there is none.
    pub validity: Option<Validity>,
}

/// Where they are kept. Reading never waits.
#[derive(Default)]
pub struct HeaderCache {
    present: ArcSwapOption<UpstreamHeaders>,
    making: Mutex<()>,
    renewing: AtomicBool,
}

impl HeaderCache {
    /// What is kept, of whatever configuration and age.
    #[must_use]
    pub fn load(&self) -> Option<Arc<UpstreamHeaders>> {
        self.present.load_full()
    }

    /// Whether the caller is the one to renew what is kept; until something else is kept, nobody
    /// is asked again.
    pub fn begin_renewal(&self) -> bool {
        !self.renewing.swap(true, Ordering::AcqRel)
    }

    /// What is kept if it `fits`, else what `make` makes, which is kept from now on. Of many who ask
    /// at once one makes it, and the others wait for it.
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
