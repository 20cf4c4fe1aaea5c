//! The configuration through its door: `config::load`.

mod config {
    mod reference;
    mod refused;
    mod support;
    mod warned;
}
