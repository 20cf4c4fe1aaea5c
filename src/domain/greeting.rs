//! What an admin says at the top of a hosted portal. Must not know where it is shown.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

/// A text in one language or in several.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TextByLanguage {
    first: String,
    by_tag: BTreeMap<String, String>,
}

/// What the home page of a portal says besides its name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Greeting {
    /// What the portal is for.
    pub description: Option<TextByLanguage>,
    /// What customers should know now.
    pub announcement: Option<Announcement>,
}

/// What customers should know for a while.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Announcement {
    /// What it says.
    pub text: TextByLanguage,
    /// From when on, in the portal's time zone.
    pub from: Option<DateTime>,
    /// Until when, in the portal's time zone.
    pub until: Option<DateTime>,
}

impl TextByLanguage {
    /// The same text for everybody.
    #[must_use]
    pub fn one(text: &str) -> Self {
        Self { first: text.to_owned(), by_tag: BTreeMap::new() }
    }

    /// A text for each language, by its tag such as `de`; `None` without any. Whose language is not among
    /// them reads the English one, or else the first.
    #[must_use]
    pub fn of(texts: BTreeMap<String, String>) -> Option<Self> {
        let first = texts.get("en").or_else(|| texts.values().next())?.clone();
        let by_tag = texts.into_iter().map(|(tag, text)| (tag.to_ascii_lowercase(), text));
        Some(Self { first, by_tag: by_tag.collect() })
    }

    /// The text for a language by its tag: `de` also for `de-AT` (RFC 4647 section 3.4, lookup).
    #[must_use]
    pub fn in_language(&self, tag: &str) -> &str {
        let tag = tag.to_ascii_lowercase();
        let language = tag.split('-').next().unwrap_or(&tag);
        let text = self.by_tag.get(&tag).or_else(|| self.by_tag.get(language));
        text.unwrap_or(&self.first)
    }
}

impl Announcement {
    /// Whether it is time for it.
    #[must_use]
    pub fn is_due(&self, now: DateTime) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("de", "Hallo")]
    #[case("de-AT", "Hallo")]
    #[case("DE", "Hallo")]
    #[case("en-GB", "Hello")]
    #[case("fr", "Hello")]
    fn everybody_reads_their_language_or_english(#[case] tag: &str, #[case] reads: &str) {
        let texts = [("de", "Hallo"), ("en", "Hello")];
        let texts = texts.map(|(tag, text)| (tag.to_owned(), text.to_owned()));
        let texts = TextByLanguage::of(texts.into_iter().collect()).unwrap();
        assert_eq!(texts.in_language(tag), reads);
        assert_eq!(TextByLanguage::one("Hi").in_language(tag), "Hi");
    }

    #[rstest]
    #[case("2026-11-30T23:59:59", false)]
    #[case("2026-12-01T00:00:00", true)]
    #[case("2026-12-05T17:59:59", true)]
    #[case("2026-12-05T18:00:00", false)]
    fn an_announcement_is_due_for_its_time(#[case] now: DateTime, #[case] due: bool) {
        let announcement = Announcement {
            text: TextByLanguage::one("Closed on Friday"),
            from: Some("2026-12-01T00:00:00".parse().unwrap()),
            until: Some("2026-12-05T18:00:00".parse().unwrap()),
        };
        assert_eq!(announcement.is_due(now), due);
        let always = Announcement { from: None, until: None, ..announcement };
        assert!(always.is_due(now));
    }
}
