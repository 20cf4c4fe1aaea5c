//! `[branding]` as the rest of the gate sees it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::Logo;
use crate::domain::Language;

/// `[branding]`: what all of the gate's own pages look like. The files that it names are read.
#[derive(Clone, Debug, Default)]
pub struct BrandingConfig {
    /// What customers know the site as.
    pub name: Option<String>,
    /// Shown beside the name.
    pub logo: Option<Arc<Logo>>,
    /// The colour of links and buttons.
    pub accent: Option<Color>,
    /// Where customers find help.
    pub contact: Option<Contact>,
    /// Templates in place of the built-in ones, by name.
    pub templates: BTreeMap<String, String>,
    /// Texts in place of the built-in ones, each language's as a Fluent resource.
    pub texts: BTreeMap<Language, String>,
}

/// A colour on screens (sRGB).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

/// The ground of pages, on which links stand.
const GROUND: Color = Color { red: 0xf7, green: 0xf8, blue: 0xfa };

/// What text needs at least (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

impl Color {
    /// A colour as `#0b57d0`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|it| it.len() == 6)?;
        let is_plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let value = u32::from_str_radix(digits, 16).ok().filter(|_| is_plain)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self { red, green, blue })
    }

    /// How well text of this colour can be read on the ground of pages, from 1 to 21 (WCAG 2.2, contrast
    /// ratio).
    #[must_use]
    pub fn contrast(self) -> f64 {
        let (one, other) = (self.luminance(), GROUND.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Whether text of this colour can be read there.
    #[must_use]
    pub fn is_readable(self) -> bool {
        self.contrast() >= LEAST_CONTRAST
    }

    /// The lightest shade of it that can be read.
    #[must_use]
    pub fn made_readable(self) -> Self {
        let shade = |percent: u16| {
            let part = |of: u8| u8::try_from(u16::from(of) * percent / 100).unwrap_or(of);
            Self { red: part(self.red), green: part(self.green), blue: part(self.blue) }
        };
        let black = Self { red: 0, green: 0, blue: 0 };
        (0..=100).rev().map(shade).find(|shade| shade.is_readable()).unwrap_or(black)
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// Where customers find help.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contact {
    /// The address of the link.
    pub address: String,
    /// What it is called: the mail address, or the address without its scheme.
    pub name: String,
}

impl Contact {
    /// A `mailto:` or `https:` address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = url::Url::parse(text).ok()?;
        let name = match url.scheme() {
            "mailto" if url.path().contains('@') => url.path().to_owned(),
            "https" if url.has_host() => {
                text.trim_start_matches("https://").trim_end_matches('/').to_owned()
            }
            _ => return None,
        };
        Some(Self { address: url.to_string(), name })
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("#000000", true)]
    #[case("#0b57d0", true)]
    #[case("#767676", false)]
    #[case("#ff8800", false)]
    #[case("#ffffff", false)]
    fn a_colour_is_readable_or_not(#[case] color: &str, #[case] readable: bool) {
        let color = Color::parse(color).unwrap();
        assert_eq!(color.is_readable(), readable, "{}", color.contrast());
        assert!(color.made_readable().is_readable());
    }

    #[test]
    fn the_contrast_is_that_of_wcag() {
        let contrast = Color::parse("#0b57d0").unwrap().contrast();
        assert!((5.9..6.1).contains(&contrast), "{contrast}");
    }

    #[rstest]
    #[case("0b57d0")]
    #[case("#0b57d")]
    #[case("#0b57dg")]
    #[case("#+b57d0")]
    #[case("blue")]
    fn what_is_no_colour_is_none(#[case] text: &str) {
        assert_eq!(Color::parse(text), None);
    }

    #[rstest]
    #[case("mailto:help@example.com", Some("help@example.com"))]
    #[case("https://example.com/help/", Some("example.com/help"))]
    #[case("javascript:alert(1)", None)]
    #[case("http://example.com", None)]
    #[case("help@example.com", None)]
    #[case("mailto:", None)]
    fn a_contact_is_a_mail_or_web_address(#[case] text: &str, #[case] name: Option<&str>) {
        assert_eq!(Contact::parse(text).map(|contact| contact.name).as_deref(), name);
    }
}
