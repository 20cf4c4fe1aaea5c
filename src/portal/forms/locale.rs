//! How people of a language write numbers and days. Must not know any field.

use fluent_bundle::FluentArgs;
use jiff::tz::TimeZone;

use crate::domain::Language;
use crate::web::catalogue::Catalogue;
use crate::web::numbers::decimal_sign;

/// How a customer writes numbers and days, and which time is theirs.
#[derive(Clone, Debug)]
pub struct Locale {
    pub(super) decimal_sign: char,
    pub(super) order: DateOrder,
    months: [String; 12],
    pub(super) zone: TimeZone,
}

/// In which order the parts of a date stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum DateOrder {
    DayFirst,
    YearFirst,
}

/// Names of months that are understood in every language.
const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Locale {
    /// How it is done in a language, of which these are the texts.
    #[must_use]
    pub fn of(language: Language, texts: &Catalogue, zone: TimeZone) -> Self {
        let text = |at: usize, english: &str| {
            let name = format!("month-{}", at.saturating_add(1));
            texts.say(&name, &FluentArgs::new()).unwrap_or_else(|_| english.to_owned())
        };
        let mut at = 0..;
        Self::new(language, ENGLISH.map(|english| text(at.next().unwrap_or(0), english)), zone)
    }

    fn new(language: Language, months: [String; 12], zone: TimeZone) -> Self {
        let decimal_sign = decimal_sign(language);
        let order = match language {
            Language::Ja => DateOrder::YearFirst,
            Language::En | Language::De | Language::Fr | Language::Es => DateOrder::DayFirst,
        };
        Self { decimal_sign, order, months, zone }
    }

    /// The name of a month, from 1 to 12.
    pub(super) fn month_name(&self, month: i8) -> &str {
        let at = usize::try_from(month).ok().and_then(|month| month.checked_sub(1));
        at.and_then(|at| self.months.get(at)).map_or("", String::as_str)
    }

    /// The month that a name means, in the customer's language or in English. Three letters are enough
    /// where only one month begins with them.
    pub(super) fn month_by_name(&self, typed: &str) -> Option<i8> {
        let typed = folded(typed.trim_end_matches('.'));
        let own = by_prefix(self.months.iter().map(String::as_str), &typed);
        own.or_else(|| by_prefix(ENGLISH.into_iter(), &typed))
    }

    /// Megabytes with one digit after the sign, which is left out where it is zero.
    pub(super) fn megabytes(&self, bytes: u64) -> String {
        self.in_tenths(bytes.saturating_mul(10).div_ceil(1_000_000))
    }

    /// The same for what a limit leaves room for: no more than that, or the least that can be said.
    pub(super) fn megabytes_within(&self, limit: u64) -> String {
        self.in_tenths((limit.saturating_mul(10) / 1_000_000).max(1))
    }

    fn in_tenths(&self, tenths: u64) -> String {
        match (tenths / 10, tenths % 10) {
            (whole, 0) => whole.to_string(),
            (whole, tenth) => format!("{whole}{}{tenth}", self.decimal_sign),
        }
    }
}

fn by_prefix<'a>(names: impl Iterator<Item = &'a str>, typed: &str) -> Option<i8> {
    let months: Vec<_> = (1_i8..).zip(names.map(folded)).collect();
    if let Some((month, _)) = months.iter().find(|(_, name)| name == typed) {
        return Some(*month);
    }
    let long_enough = typed.chars().count() >= 3;
    let mut begin = months.iter().filter(|(_, name)| long_enough && name.starts_with(typed));
    let (month, _) = begin.next()?;
    begin.next().is_none().then_some(*month)
}

/// Letters in lower case and without the accents that the names of months have.
fn folded(name: &str) -> String {
    let plain = |c: char| match c {
        'ä' => 'a',
        'é' => 'e',
        'û' => 'u',
        c => c,
    };
    name.to_lowercase().chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn german() -> Locale {
        let months = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        Locale::new(Language::De, months.map(str::to_owned), TimeZone::UTC)
    }

    #[rstest]
    #[case::whole("Februar", Some(2))]
    #[case::begun("dez", Some(12))]
    #[case::with_a_dot("Okt.", Some(10))]
    #[case::without_the_accent("marz", Some(3))]
    #[case::english("december", Some(12))]
    #[case::of_two("jun", Some(6))]
    #[case::unclear("ju", None)]
    #[case::rubbish("Lenz", None)]
    #[case::empty("", None)]
    fn a_month_has_names(#[case] typed: &str, #[case] month: Option<i8>) {
        assert_eq!(german().month_by_name(typed), month);
    }

    #[test]
    fn a_size_is_never_said_to_be_the_limit_that_it_exceeds() {
        assert_eq!(german().megabytes(25_000_000), "25");
        assert_eq!(german().megabytes(25_000_001), "25,1");
        assert_eq!(german().megabytes_within(10_485_760), "10,4");
        assert_eq!(german().megabytes_within(2000), "0,1");
    }
}
