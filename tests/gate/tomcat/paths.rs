//! Spellings of paths: plain ones, each spoilt in up to three of the ways in which servers have
//! been fooled. The same seed gives the same paths.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

/// Where somebody would like to get.
const WANTED: [&str; 16] = [
    "/servicedesk/customer/portal/3",
    "/servicedesk/customer/portal/3/create/301",
    "/servicedesk/customer/portal/3/HR-1",
    "/servicedesk/customer/portal/2",
    "/servicedesk/customer/portal/4",
    "/servicedesk/customer/user/login",
    "/rest/servicedesk/1/customer/portal/3/requesttypes",
    "/rest/servicedesk/1/customer/portal/2/user-search/proforma",
    "/rest/servicedeskapi/servicedesk/13/requesttype",
    "/rest/api/2/user/search",
    "/secure/admin/ViewApplicationProperties.jspa",
    "/secure/Dashboard.jspa",
    "/plugins/servlet/upm",
    "/browse/HR-1",
    "/projects/HR",
    "/login.jsp",
];

/// Where everybody may begin.
const BEFORE: [&str; 27] = [
    "/s/x/_",
    "/s/x/y/_",
    "/s/x/_/download/_",
    "/s/..",
    "/s/x/_/..",
    "/s/x/_/download/resources/..",
    "/s/%2e%2e",
    "/s/..;",
    "/s/..%3B",
    "/s/..%3Fx",
    "/download/resources/..%3b/..%3Bx=y",
    "/s/x/_/s/x/_",
    "/download/resources/..",
    "/download/resources/../..",
    "/download/resources/..;/..;x=y",
    "/download/resources/..%2f..",
    "/servicedesk/customer/portal/4/..",
    "/servicedesk/customer/portal/4/../../../..",
    "/servicedesk/customer/portal/4/%2e%2e/%2e%2e/%2e%2e/%2e%2e",
    "/servicedesk/customer/portal/4/..;/..;/..;/..;",
    "/servicedesk/customer/portal/4/..\\..\\..\\..",
    "/servicedesk/customer/portals/..",
    "/p/fac/../..",
    "/_gate/..",
    "/.",
    "/;x",
    "http://elsewhere.example",
];

/// What stands between two segments.
const BETWEEN: [&str; 25] = [
    "//",
    "/./",
    "/%2e/",
    "%2f",
    "%2F",
    "%252f",
    "\\",
    "%5c",
    "%5C",
    "/\\",
    "/;/",
    "/;x=1/",
    ";/",
    ";x=1/",
    "/x/../",
    "/x/%2e%2e/",
    "/x/.%2E/",
    "/x/..;/",
    "/x/..;a=b/",
    "/x/..%3B/",
    "/x/..%3Fx/",
    "/%3B/",
    "/x%2f..%2f",
    "/x\\..\\",
    "/%20/../",
];

/// What comes after all.
const AFTER: [&str; 20] = [
    "/",
    "//",
    "/.",
    "/..",
    "/../3",
    "/..;/3",
    ";",
    ";x",
    ";jsessionid=1",
    "%3b",
    "%3Bx",
    "%00",
    "%0a",
    "%20",
    "%09",
    ".json",
    "?x=/s/x/_/download/y",
    "?",
    "#/s/",
    "/%2e",
];

/// What some decoders take for a dot or a slash.
const ODD: [&str; 9] = [
    "%c0%ae",
    "%c0%af",
    "%e0%80%ae",
    "%u002e",
    "%u002f",
    "%ef%bc%8e",
    "%ef%bc%8f",
    "\t",
    "\u{ff0f}",
];

/// So many spellings, after the plain ones.
pub(super) fn spellings(count: usize) -> Vec<String> {
    let mut random = StdRng::seed_from_u64(2021);
    let plain = WANTED.map(str::to_owned);
    let spoilt = (0..count).map(|_| {
        let wanted = WANTED.choose(&mut random).unwrap();
        let times = random.random_range(1..=3);
        (0..times).fold((*wanted).to_owned(), |path, _| spoil(&path, &mut random))
    });
    plain.into_iter().chain(spoilt.collect::<Vec<_>>()).collect()
}

/// Whether a path is one that was wanted, as it is.
pub(super) fn is_plain(path: &str) -> bool {
    WANTED.contains(&path)
}

fn spoil(path: &str, random: &mut StdRng) -> String {
    let one_of = |texts: &[&str], random: &mut StdRng| (*texts.choose(random).unwrap()).to_owned();
    match random.random_range(0..8) {
        0 => one_of(&BEFORE, random) + path,
        1 => path.to_owned() + &one_of(&AFTER, random),
        2 | 3 => {
            let between = one_of(&BETWEEN, random);
            change(path, random, |char| char == '/', |_| between.clone())
        }
        4 => change(path, random, |_| true, |char| format!("%{:02x}", u32::from(char) & 0xff)),
        5 => change(path, random, |_| true, |char| format!("%25{:02X}", u32::from(char) & 0xff)),
        6 => change(path, random, char::is_alphabetic, |char| char.to_ascii_uppercase().into()),
        _ => {
            let odd = one_of(&ODD, random);
            change(path, random, |_| true, |char| format!("{odd}{char}"))
        }
    }
}

/// Changes one of the characters that may be.
fn change(
    path: &str,
    random: &mut StdRng,
    may: impl Fn(char) -> bool,
    to: impl Fn(char) -> String,
) -> String {
    let places: Vec<_> = path.char_indices().skip(1).filter(|(_, char)| may(*char)).collect();
    let Some((at, char)) = places.choose(random).copied() else { return path.to_owned() };
    format!("{}{}{}", &path[..at], to(char), &path[at + char.len_utf8()..])
}
