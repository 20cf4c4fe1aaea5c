//! The configuration through its door: `config::load`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod config {
    mod accepted;
    mod inspected;
    mod presets;
    mod reference;
    mod refused;
    mod service_providers;
    mod support;
}
