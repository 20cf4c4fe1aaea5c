//! In which language and time zone somebody reads the gate's pages: as they have chosen, else as their
//! browser asks, else as the configuration says. Must not know the texts.

use fluent_langneg::{NegotiationStrategy, convert_vec_str_to_langids_lossy, negotiate_languages};
use http::header::ACCEPT_LANGUAGE;
use http::{HeaderMap, HeaderValue};
use jiff::tz::TimeZone;

use crate::domain::{Language, PublicUrl};
use crate::session::cookie;

/// The purpose in the name of the cookie that keeps a choice.
const PURPOSE: &str = "preferences";

/// How long a browser keeps the choice: a year.
const KEPT_SECONDS: u64 = 365 * 24 * 60 * 60;

/// The longest `Accept-Language` that is read. Browsers send less than a quarter of it.
const LONGEST_HEADER: usize = 512;

/// The longest name of a time zone that is looked up; the longest that exists has 32.
const LONGEST_ZONE: usize = 48;

/// In which language and time zone a page is.
#[derive(Clone, Debug)]
pub struct Preferences {
    /// The language of its texts.
    pub language: Language,
    /// The time zone in which it tells times.
    pub zone: TimeZone,
}

/// What somebody has chosen. What they have not chosen may change with the browser and the configuration.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chosen {
    /// A language.
    pub language: Option<Language>,
    /// A time zone.
    pub zone: Option<TimeZone>,
}

/// How the preferences of a request are found out.
#[derive(Debug)]
pub struct PreferenceRules {
    public_url: PublicUrl,
    cookie: String,
    languages: Vec<Language>,
    zone: TimeZone,
}

impl PreferenceRules {
    /// Offers `languages`, the first to everybody who asks for none of them, and tells times in `zone` unless
    /// another is chosen.
    #[must_use]
    pub fn new(public_url: &PublicUrl, languages: &[Language], zone: &TimeZone) -> Self {
        Self {
            public_url: public_url.clone(),
            cookie: cookie::name(public_url, PURPOSE),
            languages: languages.to_vec(),
            zone: zone.clone(),
        }
    }

    /// The preferences of whoever sent these headers.
    #[must_use]
    pub fn of(&self, headers: &HeaderMap) -> Preferences {
        let chosen = self.chosen(headers);
        let asked_for = || self.asked_for(headers);
        let first = || self.languages.first().copied();
        let language = chosen.language.or_else(asked_for).or_else(first);
        Preferences {
            language: language.unwrap_or(Language::En),
            zone: chosen.zone.unwrap_or_else(|| self.zone.clone()),
        }
    }

    /// What whoever sent these headers has chosen, as far as it is offered.
    #[must_use]
    pub fn chosen(&self, headers: &HeaderMap) -> Chosen {
        let value = cookie::value(headers, &self.cookie).unwrap_or_default();
        let (language, zone) = value.split_once(':').unwrap_or_default();
        self.choice(language, zone)
    }

    /// A choice by the tag of a language and the name of a time zone, as far as they are offered.
    #[must_use]
    pub fn choice(&self, language: &str, zone: &str) -> Chosen {
        let offered = |language: &Language| self.languages.contains(language);
        Chosen { language: Language::parse(language).filter(offered), zone: zone_named(zone) }
    }

    /// The cookie that keeps a choice. It is needed for what the customer asks for, so nobody has to be asked
    /// for consent.
    #[must_use]
    pub fn keep(&self, chosen: &Chosen) -> Option<HeaderValue> {
        let language = chosen.language.map_or("", Language::tag);
        let zone = chosen.zone.as_ref().and_then(TimeZone::iana_name).unwrap_or_default();
        let value = format!("{language}:{zone}");
        cookie::set(&self.public_url, &self.cookie, &value, Some(KEPT_SECONDS))
    }

    /// The languages that are offered.
    #[must_use]
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The time zone of those who have chosen none.
    #[must_use]
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The language that a browser would like best of those that are offered.
    fn asked_for(&self, headers: &HeaderMap) -> Option<Language> {
        let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        let header = Some(header).filter(|header| header.len() <= LONGEST_HEADER)?;
        let wanted = convert_vec_str_to_langids_lossy(by_weight(header));
        let offered = convert_vec_str_to_langids_lossy(self.languages.iter().map(|it| it.tag()));
        let found = negotiate_languages(&wanted, &offered, None, NegotiationStrategy::Lookup);
        Language::parse(&found.first()?.to_string())
    }
}

/// The ranges of an `Accept-Language` from the most to the least wanted, without those that are not wanted at
/// all (RFC 9110 section 12.5.4). `fluent-langneg` itself goes by their order.
fn by_weight(header: &str) -> Vec<&str> {
    let mut ranges: Vec<(f32, &str)> = header.split(',').filter_map(weighted).collect();
    ranges.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    ranges.into_iter().map(|(_, tag)| tag).collect()
}

fn weighted(range: &str) -> Option<(f32, &str)> {
    let Some((tag, weight)) = range.split_once(';') else { return Some((1.0, range.trim())) };
    let weight = weight.trim().strip_prefix("q=")?.trim().parse().ok()?;
    (weight > 0.0).then_some((weight, tag.trim()))
}

/// The time zone with a name of the IANA database.
fn zone_named(name: &str) -> Option<TimeZone> {
    let may_be = !name.is_empty() && name.len() <= LONGEST_ZONE;
    may_be.then(|| TimeZone::get(name).ok()).flatten()
}

/// The place that a time zone is named after: `Berlin` for `Europe/Berlin`.
#[must_use]
pub fn city(zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("UTC");
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;
    use rstest::rstest;

    use super::*;

    fn rules(languages: &[Language]) -> PreferenceRules {
        let public_url = PublicUrl::parse("https://help.example.com").unwrap();
        PreferenceRules::new(&public_url, languages, &TimeZone::get("Europe/Berlin").unwrap())
    }

    fn headers(accept: &str, cookies: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, accept.try_into().unwrap());
        headers.insert(COOKIE, cookies.try_into().unwrap());
        headers
    }

    #[rstest]
    #[case("", "en")]
    #[case("de", "de")]
    #[case("de-AT,de;q=0.9,en;q=0.8", "de")]
    #[case("ja-JP", "ja")]
    #[case("en-GB,en;q=0.9,fr;q=0.8", "en")]
    #[case::the_next_that_there_is("pt-BR,pt;q=0.9,es;q=0.8,en;q=0.7", "es")]
    #[case::by_weight("en;q=0.1, fr ; q=0.9", "fr")]
    #[case::not_wanted("de;q=0, fr;q=0.5", "fr")]
    #[case::any("*", "en")]
    #[case::none_that_there_is("zh-Hant-TW", "en")]
    #[case::rubbish(";;,q=;q=x,de;q=NaN,", "en")]
    fn a_browser_asks_for_a_language(#[case] header: &str, #[case] language: &str) {
        let mut headers = HeaderMap::new();
        if let Ok(header) = HeaderValue::from_bytes(header.as_bytes()) {
            headers.insert(ACCEPT_LANGUAGE, header);
        }
        assert_eq!(rules(&Language::ALL).of(&headers).language.tag(), language);
    }

    #[test]
    fn a_very_long_header_asks_for_nothing() {
        let header = format!("de,{}", "x,".repeat(LONGEST_HEADER));
        assert_eq!(rules(&Language::ALL).of(&headers(&header, "")).language, Language::En);
    }

    #[test]
    fn only_what_is_offered_counts() {
        let rules = rules(&[Language::Fr, Language::De]);
        let of = |accept: &str, cookie: &str| rules.of(&headers(accept, cookie)).language;
        assert_eq!(of("en", ""), Language::Fr, "the first of the list");
        assert_eq!(of("de", "__Host-gate-preferences=ja:"), Language::De);
    }

    #[rstest]
    #[case::both("fr:Asia/Tokyo", "fr", "Asia/Tokyo")]
    #[case::a_language("fr:", "fr", "Europe/Berlin")]
    #[case::a_zone(":Asia/Tokyo", "de", "Asia/Tokyo")]
    #[case::neither(":", "de", "Europe/Berlin")]
    #[case::another_language("xx:Asia/Tokyo", "de", "Asia/Tokyo")]
    #[case::no_zone("fr:../../etc/passwd", "fr", "Europe/Berlin")]
    #[case::rubbish("fr", "de", "Europe/Berlin")]
    fn the_customers_choice_comes_first(
        #[case] cookie: &str,
        #[case] language: &str,
        #[case] zone: &str,
    ) {
        let headers = headers("de", &format!("a=b; __Host-gate-preferences={cookie}"));
        let found = rules(&Language::ALL).of(&headers);
        assert_eq!((found.language.tag(), found.zone.iana_name()), (language, Some(zone)));
    }

    #[test]
    fn a_choice_is_kept_in_a_cookie_of_this_host() {
        let rules = rules(&Language::ALL);
        let kept = rules.keep(&rules.choice("ja", "Asia/Tokyo")).unwrap();
        let expected = "__Host-gate-preferences=ja:Asia/Tokyo; Path=/; Max-Age=31536000; \
                        HttpOnly; SameSite=Lax; Secure";
        assert_eq!(kept.to_str().unwrap(), expected);
        let kept = rules.keep(&rules.choice("xx", "Nowhere")).unwrap();
        assert!(kept.to_str().unwrap().starts_with("__Host-gate-preferences=:; "));
    }

    #[test]
    fn a_zone_is_called_by_its_place() {
        for (name, place) in [("Europe/Berlin", "Berlin"), ("America/New_York", "New York")] {
            assert_eq!(city(&TimeZone::get(name).unwrap()), place);
        }
        assert_eq!(city(&TimeZone::UTC), "UTC");
    }
}
