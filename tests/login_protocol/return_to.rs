//! Return addresses a stranger may send, from `tests/data/return_to.txt`, judged by the browsers' own
//! parser (docs/security.md E1 to E5 and E7).

use jsm_gate::auth::ReturnTo;
use url::Url;

const CASES: &str = include_str!("../data/return_to.txt");

/// In the file the pictures of control characters stand for the characters themselves.
fn address(line: &str) -> String {
    let control = |c: char| match c {
        '\u{2400}'..='\u{2420}' => char::from_u32(u32::from(c) - 0x2400).unwrap(),
        '\u{2421}' => '\u{7f}',
        c => c,
    };
    line.chars().map(control).collect()
}

fn cases(mark: &str) -> Vec<String> {
    let cases: Vec<_> =
        CASES.lines().filter_map(|line| line.strip_prefix(mark)).map(address).collect();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn e1_addresses_that_lead_away_are_refused() {
    for case in cases("- ") {
        assert_eq!(ReturnTo::parse(&case), None, "{case:?}");
    }
}

#[test]
fn e4_odd_addresses_that_are_accepted_stay_here_and_unchanged() {
    for case in cases("+ ") {
        assert_eq!(ReturnTo::parse(&case).expect(&case).as_str(), case);
    }
}

#[test]
fn e2_no_accepted_address_leaves_the_host_in_a_browser() {
    for base in ["https://help.example.com/_gate/callback/okta?code=x", "http://localhost:8080/"] {
        let base = Url::parse(base).unwrap();
        for case in CASES.lines().filter_map(|line| line.get(2..)).map(address) {
            let Some(accepted) = ReturnTo::parse(&case) else { continue };
            let target = base.join(accepted.as_str()).unwrap();
            assert_eq!(target.origin(), base.origin(), "{case:?}");
            let again = base.join(&target[url::Position::BeforePath..]).unwrap();
            assert_eq!(again.origin(), base.origin(), "re-assembled: {case:?}");
            assert!(accepted.as_str().bytes().all(|b| b.is_ascii_graphic()), "{case:?}");
        }
    }
}
