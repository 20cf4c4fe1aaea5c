//! Who people are in JSM and where they may act: the room `customers` against a stand-in JSM, Cloud
//! and Data Center. What is asserted on is what the stand-in saw.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod accounts;
mod desks;
mod memberships;
#[path = "../support/jsm.rs"]
mod support;
mod world;
