//! Spellings of queries and forms: one field that somebody would like to have read, spoilt in up to three
//! of the ways in which readers have been fooled. The same seed gives the same ones.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

/// What Cleo must not have read: a portal that is closed to her, and a login in Jira.
const WANTED: [(&str, &str); 6] = [
    ("portalId", "3"),
    ("serviceDeskId", "13"),
    ("projectKey", "HR"),
    ("issueKey", "HR-1"),
    ("os_username", "admin"),
    ("os_password", "admin"),
];

/// What comes before it.
const BEFORE: [&str; 12] = [
    "portalId=2&",
    "x=1;",
    "x;",
    "&&",
    "=&",
    "x=%26",
    "x=1%3B",
    "%",
    "%zz=1&",
    "+",
    "%20",
    "x=%00&",
];

/// What comes after it.
const AFTER: [&str; 14] = [
    "&portalId=2",
    ";portalId=2",
    ",2",
    "%2C2",
    "%00",
    "%00x",
    "+",
    "%20",
    "%09",
    "%0a",
    "&",
    "#",
    "%",
    ";x",
];

/// What stands between a name and its value.
const BETWEEN: [&str; 8] = ["%3D", "==", "[]=", "%5B%5D=", "%00=", "+=", "%20=", ";="];

/// What some decoders leave out, or take for something else.
const ODD: [&str; 8] = ["%00", "%c0%80", "%ff", "%ef%bb%bf", "%u0000", "%", "%c1%90", "%e2%80%8b"];

/// Whether a field is one of those that must not be read: by one who takes a list for its parts.
pub(super) fn is_wanted(name: &str, value: &str) -> bool {
    let named = |wanted: &str| name.trim().eq_ignore_ascii_case(wanted);
    let is = |(wanted, of): &(&str, &str)| {
        if wanted.starts_with("os_") {
            return named(wanted);
        }
        let as_list = name.trim().trim_end_matches("[]").eq_ignore_ascii_case(wanted);
        as_list && value.split(',').any(|part| part.trim() == *of)
    };
    WANTED.iter().any(is)
}

/// So many spellings, after the plain ones.
pub(super) fn spellings(count: usize) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(1993);
    let plain = WANTED.map(|(name, value)| format!("{name}={value}"));
    let spoilt: Vec<_> = (0..count).map(|_| spoilt(&mut random)).collect();
    plain.into_iter().chain(spoilt).collect()
}

fn spoilt(random: &mut StdRng) -> String {
    let (name, value) = WANTED.choose(random).unwrap();
    let (mut name, mut value) = ((*name).to_owned(), (*value).to_owned());
    let (mut before, mut between, mut after) = ("", "=", "");
    for _ in 0..random.random_range(1..=3) {
        match random.random_range(0..8) {
            0 => before = BEFORE.choose(random).unwrap(),
            1 => between = BETWEEN.choose(random).unwrap(),
            2 => after = AFTER.choose(random).unwrap(),
            3 => value = in_part(&value, random),
            4 => name = name.to_ascii_uppercase(),
            _ => name = in_part(&name, random),
        }
    }
    format!("{before}{name}{between}{value}{after}")
}

/// One character, or the first escape, escaped once more.
fn in_part(text: &str, random: &mut StdRng) -> String {
    if let (Some(at), true) = (text.find('%'), random.random_bool(0.5)) {
        return format!("{}%25{}", &text[..at], &text[at + 1..]);
    }
    let places: Vec<_> = text.char_indices().collect();
    let (at, char) = *places.choose(random).unwrap();
    let rest = &text[at + char.len_utf8()..];
    let code = u32::from(char);
    let other = match random.random_range(0..4) {
        0 => format!("%{code:02X}"),
        1 => format!("%25{code:02x}"),
        2 => format!("%u{code:04x}"),
        _ => format!("{}{char}", ODD.choose(random).unwrap()),
    };
    format!("{}{other}{rest}", &text[..at])
}
