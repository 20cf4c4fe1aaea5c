//! Emergency access: a link lets one person in without a provider, once, for some minutes and for
//! some portals. Must not know who asks for a link, or how its page looks.

mod ending;
mod links;
mod rules;
mod wish;

pub use ending::{begun_by_link, end_all, watch};
pub use links::{EmergencyAccess, EmergencyLinks, OpenSession};
pub use rules::{is_granted, keeps, may_be_let_in, may_open_from};
pub use wish::{EmergencyWish, OFF, granted};
