//! The list of portals, as the gate reads it from a JSM over HTTP and keeps it.

#![cfg(test)]

#[path = "support/authority.rs"]
mod authority;
#[path = "directory/calling.rs"]
mod calling;
#[path = "directory/changing.rs"]
mod changing;
#[path = "directory/checking.rs"]
mod checking;
#[path = "directory/links.rs"]
mod links;
#[path = "directory/reading.rs"]
mod reading;
#[path = "directory/reloading.rs"]
mod reloading;
#[path = "directory/rules_of_portals.rs"]
mod rules_of_portals;
#[path = "directory/stored.rs"]
mod stored;
#[path = "support/jsm.rs"]
mod support;
#[path = "directory/unwell.rs"]
mod unwell;
#[path = "directory/waiting.rs"]
mod waiting;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsm_gate::config::{DefaultMode, Deployment, JsmConfig, PortalDefaults, PortalRule};
use jsm_gate::domain::{Access, Clock, Level, Mode, PortalId};
use jsm_gate::jsm::{Client, Directory, Error, PortalRules, Refreshed, TokenKind, check};
use rstest::rstest;
use sandbox::jsm::{Canned, Desk, JsmSettings, SeenRequest};

use support::{Site, link, listed, no_rules, rule, rules};

fn it_and_hr() -> [Desk; 2] {
    [Desk::new(2, "IT", "IT Help"), Desk::new(3, "HR", "People")]
}

fn cloud() -> JsmSettings {
    JsmSettings::cloud().with_desks(it_and_hr())
}

fn data_center() -> JsmSettings {
    JsmSettings::data_center().with_desks(it_and_hr())
}
