//! Numbers, as people write them.

use serde_json::Number;

use super::super::answer::Answer;
use super::super::mistake::Mistake;
use super::super::posted::ascii_width;

/// The largest that Jira's number fields take (`DoubleConverterImpl.MAX_VALUE`).
const LARGEST: f64 = 1e14;

pub(super) fn answer(typed: &str, decimal_sign: char) -> Result<Option<Answer>, Mistake> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let number = plain(typed, decimal_sign).ok_or(Mistake::NotANumber)?;
    let value: f64 = number.parse().map_err(|_| Mistake::NotANumber)?;
    if value.abs() > LARGEST {
        return Err(Mistake::NumberTooLarge);
    }
    let whole = number.parse::<i64>().ok().map(Number::from);
    whole
        .or_else(|| Number::from_f64(value))
        .map(Answer::Number)
        .map(Some)
        .ok_or(Mistake::NotANumber)
}

/// The number as programs write it: `1499.90` for `1.499,90`, `1,499.90`, `1 499,90` and `1’499.90`.
fn plain(typed: &str, decimal_sign: char) -> Option<String> {
    let signs = |c: char| c.is_whitespace() || matches!(c, '€' | '$' | '£' | '¥');
    let typed = ascii_width(typed);
    let typed = typed.trim_matches(signs);
    let (sign, digits) = match typed.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", typed.strip_prefix('+').unwrap_or(typed)),
    };
    // Marks between thousands that can be nothing else.
    let digits: String =
        digits.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')).collect();
    let (whole, fraction) = halves(&digits, decimal_sign)?;
    let numeric = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let whole = without_marks(whole)?;
    if !numeric(&whole) || !numeric(fraction) || whole.len() + fraction.len() == 0 {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { &whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// What is before and behind the decimal sign. Where there are commas and points, it is the last of
/// them; a single one that could mark thousands does so unless it is the language's decimal sign.
fn halves(digits: &str, decimal_sign: char) -> Option<(&str, &str)> {
    let Some((whole, fraction)) = digits.rsplit_once([',', '.']) else {
        return Some((digits, ""));
    };
    let last = digits.get(whole.len()..)?.chars().next()?;
    let others = whole.contains(|c| matches!(c, ',' | '.') && c != last);
    let repeated = whole.contains(last);
    match (others, repeated) {
        (true, true) => None,
        (true, false) => Some((whole, fraction)),
        (false, true) => Some((digits, "")),
        (false, false) => {
            let leads = (1..=3).contains(&whole.len()) && whole != "0";
            let thousands = last != decimal_sign && fraction.len() == 3 && leads;
            Some(if thousands { (digits, "") } else { (whole, fraction) })
        }
    }
}

/// The digits without marks between thousands, which stand three digits before the end and two or three
/// apart, as in India.
fn without_marks(whole: &str) -> Option<String> {
    let groups: Vec<&str> = whole.split([',', '.']).collect();
    if let [first, between @ .., last] = groups.as_slice() {
        let apart = between.iter().all(|group| (2..=3).contains(&group.len()));
        if !(1..=3).contains(&first.len()) || !apart || last.len() != 3 {
            return None;
        }
    }
    Some(groups.concat())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("1500", '.', "1500")]
    #[case("1.500,00", '.', "1500.00")]
    #[case("1,500.00", ',', "1500.00")]
    #[case("1,500", '.', "1500")]
    #[case("1,500", ',', "1.500")]
    #[case("1.500", ',', "1500")]
    #[case("1.500", '.', "1.500")]
    #[case("1499,90", '.', "1499.90")]
    #[case("0,125", '.', "0.125")]
    #[case("1 234 567,8", ',', "1234567.8")]
    #[case("1\u{202f}234", ',', "1234")]
    #[case("1’234.50", '.', "1234.50")]
    #[case("12,34,567", '.', "1234567")]
    #[case(" -3 ", '.', "-3")]
    #[case("\u{2212}3.5", '.', "-3.5")]
    #[case("€ 12", '.', "12")]
    #[case("12 €", '.', "12")]
    #[case("１２．５", '.', "12.5")]
    #[case(".5", '.', "0.5")]
    #[case("5.", '.', "5")]
    fn a_number_is_read_as_it_was_meant(
        #[case] typed: &str,
        #[case] decimal_sign: char,
        #[case] number: &str,
    ) {
        assert_eq!(plain(typed, decimal_sign).as_deref(), Some(number));
    }

    #[rstest]
    #[case("about 1500")]
    #[case("1.2.3")]
    #[case("1,2,3.4.5")]
    #[case("1,50,00")]
    #[case("1e5")]
    #[case("--1")]
    #[case("NaN")]
    #[case(".")]
    #[case("-")]
    fn what_is_no_number_is_none(#[case] typed: &str) {
        assert_eq!(plain(typed, '.'), None);
    }
}
