//! What the stand-in keeps: people, and what they raise. Plain values; they must not know HTTP.

pub(super) mod articles;
pub(super) mod every_kind;
pub(super) mod fields;
pub(super) mod media_types;
pub(super) mod people;
pub(super) mod requests;
