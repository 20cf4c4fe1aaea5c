//! JSM's accounts of customers: found by address, made, listed at a desk, in organisations and, on Data
//! Center, in groups. How Cloud and Data Center differ stays in here. It must not know who may have
//! what.

mod accounts;
mod desk;
mod groups;
mod organizations;
mod rights;
mod shapes;

pub use accounts::{CreatedAccount, FoundAccount};
pub use desk::Desk;
pub use groups::Groups;
pub use rights::{DeskRights, Rights};
pub use shapes::CustomerAccount;
