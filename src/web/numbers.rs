//! Numbers as each language writes them. Must not know what is counted.

use fluent_bundle::FluentValue;

use crate::domain::Language;

/// The sign between the whole and the rest of a number.
#[must_use]
pub const fn decimal_sign(language: Language) -> char {
    match language {
        Language::En | Language::Ja => '.',
        Language::De | Language::Fr | Language::Es => ',',
    }
}

/// The sign between groups of three digits, and the least number of digits that are grouped (CLDR).
const fn grouping(language: Language) -> (char, usize) {
    match language {
        Language::En | Language::Ja => (',', 4),
        Language::De => ('.', 4),
        Language::Fr => ('\u{202f}', 4),
        Language::Es => ('.', 5),
    }
}

/// A number as texts say it.
pub(crate) fn written(number: f64, language: Language) -> String {
    let plain = number.abs().to_string();
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let sign = if number < 0.0 { "-" } else { "" };
    let whole = grouped(whole, language);
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}{}{rest}", decimal_sign(language))
    }
}

fn grouped(digits: &str, language: Language) -> String {
    let (sign, least) = grouping(language);
    if digits.len() < least {
        return digits.to_owned();
    }
    let mut written = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(sign);
        }
        written.push(digit);
    }
    written
}

/// How Fluent writes the numbers that a text is given.
pub(crate) fn formatter<M>(language: Language) -> fn(&FluentValue<'_>, &M) -> Option<String> {
    match language {
        Language::En => |value, _| in_text(value, Language::En),
        Language::De => |value, _| in_text(value, Language::De),
        Language::Fr => |value, _| in_text(value, Language::Fr),
        Language::Es => |value, _| in_text(value, Language::Es),
        Language::Ja => |value, _| in_text(value, Language::Ja),
    }
}

fn in_text(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(written(number.value, language)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(Language::En, 1234.5, "1,234.5")]
    #[case(Language::En, 999.0, "999")]
    #[case(Language::De, 1_234_567.0, "1.234.567")]
    #[case(Language::De, 23.8, "23,8")]
    #[case(Language::Fr, 1234.0, "1\u{202f}234")]
    #[case(Language::Es, 1234.0, "1234")]
    #[case(Language::Es, 12345.0, "12.345")]
    #[case(Language::Ja, -12345.0, "-12,345")]
    #[case(Language::Ja, 0.0, "0")]
    fn a_number_is_written_as_in_the_language(
        #[case] language: Language,
        #[case] number: f64,
        #[case] expected: &str,
    ) {
        assert_eq!(written(number, language), expected);
    }
}
