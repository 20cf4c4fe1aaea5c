//! `[portals]` as the rest of the gate sees it.

use crate::domain::{Access, Mode};

/// `[portals]`: for every portal that says nothing else.
#[derive(Clone, Copy, Debug)]
pub struct PortalDefaults {
    /// How portals are served.
    pub mode: Mode,
    /// Who may use them.
    pub access: Access,
}
