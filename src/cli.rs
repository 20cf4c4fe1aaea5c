//! Commands of the binary: what each does and its exit status. It must not know requests.

pub mod links;
