//! The configuration through its door: `config::load`. The feature brings the crate that makes the
//! tests' certificates.
#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod config {
    mod accepted;
    mod inspected;
    mod presets;
    mod reference;
    mod refused;
    mod support;
}
