//! Doors for the fuzz targets in `fuzz/` to what the request path keeps to itself. They call and
//! hand on, and decide nothing.

use http::HeaderValue;

use super::hygiene::{self, Target};
use super::route::Route;
use super::translate::Translation;
use crate::domain::PublicUrl;

/// A request target that was let through.
#[derive(Debug)]
pub struct Accepted {
    /// What is forwarded.
    pub raw: String,
    /// What is decided on.
    pub path: String,
    /// What follows a substitute link in `raw`, if there is one.
    pub after_link: Option<String>,
}

/// Parses a request target as the gate does; `None` when it refuses.
#[must_use]
pub fn request_target(raw: &[u8]) -> Option<Accepted> {
    let target = hygiene::parse_target(raw).ok()?;
    let after_link = match Route::of(&target.path, target.raw_path()) {
        Route::Link { prefix, .. } => Some(target.raw.get(prefix..)?.to_owned()),
        _ => None,
    };
    let Target { raw, path } = target;
    Some(Accepted { raw, path, after_link })
}

/// `Location` and such between two addresses.
#[derive(Debug)]
pub struct Addresses(Translation);

impl Addresses {
    /// Between the gate and JSM at an origin and context path.
    #[must_use]
    pub fn new(public: &PublicUrl, origin: &str, context_path: &str) -> Self {
        Self(Translation::new(public, origin, context_path))
    }

    /// `Location` from JSM to the customer; `None` when it is not changed.
    #[must_use]
    pub fn location_down(&self, location: &str) -> Option<String> {
        self.0.location_down(location)
    }

    /// `Origin` or `Referer` from the customer to JSM; `None` when it is not changed.
    #[must_use]
    pub fn address_up(&self, address: &str) -> Option<String> {
        self.0.address_up(address)
    }

    /// `Set-Cookie` from JSM to the customer; `None` when it is dropped.
    #[must_use]
    pub fn cookie_down(&self, cookie: &HeaderValue) -> Option<HeaderValue> {
        self.0.cookie_down(cookie)
    }
}
