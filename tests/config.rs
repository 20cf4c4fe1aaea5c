//! The configuration through its door: `config::load`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod config {
    mod accepted;
    mod inspected;
    mod presets;
    mod reference;
    mod refused;
    #[path = "../support/rsa_pair.rs"]
    mod rsa_pair;
    mod service_providers;
    mod support;
}
