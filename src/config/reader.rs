//! Turns given texts into values, one key at a time, and notes what does not parse. It knows how
//! values are read and where files lie, not which keys there are.

use std::path::{Path, PathBuf};

use super::given::{Given, Span};
use super::inspect::Unread;
use super::raw::Texts;
use super::report::Report;
use super::values::{self, Wrong};

/// The means of reading one file: the report, and the world around the file.
pub(super) struct Reader<'a> {
    /// Where mistakes go.
    pub(super) report: Report,
    /// Paths in the file are relative to this, its own folder.
    pub(super) folder: &'a Path,
    /// Environment variables.
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
    /// Secrets that were not at hand; `None` when all of them have to be.
    pub(super) unread: Option<Vec<Unread>>,
}

impl Reader<'_> {
    /// The value of a key; `None` when it is missing or broken.
    pub(super) fn value<'g, T>(&mut self, given: &'g Given<T>) -> Option<&'g T> {
        self.report.broken(given);
        given.value()
    }

    /// The value of a key that has a default.
    pub(super) fn value_or<T: Copy>(&mut self, given: &Given<T>, default: T) -> T {
        self.value(given).copied().unwrap_or(default)
    }

    /// A text, parsed; `None` when it is missing or wrong.
    pub(super) fn parse<T>(
        &mut self,
        given: &Given<String>,
        parser: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        let text = self.value(given)?;
        match parser(text) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.wrong(given.span().unwrap_or_default(), wrong);
                None
            }
        }
    }

    /// A text, parsed, or the default through the same parser.
    pub(super) fn parse_or<T>(
        &mut self,
        given: &Given<String>,
        default: &str,
        parser: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Option<T> {
        if given.is_given() { self.parse(given, parser) } else { parser(default).ok() }
    }

    /// A list of texts, parsed; those that are wrong are left out.
    pub(super) fn list<T>(
        &mut self,
        given: &Texts,
        default: &[&str],
        parser: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Vec<T> {
        self.spanned_list(given, default, parser).into_iter().map(|(_, value)| value).collect()
    }

    /// A list of texts with the place of each.
    pub(super) fn spanned_list<T>(
        &mut self,
        given: &Texts,
        default: &[&str],
        parser: impl Fn(&str) -> Result<T, Wrong>,
    ) -> Vec<(Span, T)> {
        if !given.is_given() {
            return default.iter().filter_map(|text| Some((0..0, parser(text).ok()?))).collect();
        }
        let mut values = Vec::new();
        for item in self.value(given).into_iter().flatten() {
            let value = self.parse(item, &parser);
            values.extend(item.span().zip(value));
        }
        values
    }

    /// The path of a file or folder, made absolute to the file's own folder.
    pub(super) fn path(&mut self, given: &Given<String>) -> Option<PathBuf> {
        let path = self.parse(given, values::text)?;
        Some(self.folder.join(path))
    }

    /// A weakening switch: said at each start when it is on.
    pub(super) fn insecure(&mut self, given: &Given<bool>, danger: &str, remedy: &str) -> bool {
        let on = self.value_or(given, false);
        if let (true, Some(span)) = (on, given.span()) {
            self.report.warning(&span, danger, remedy);
        }
        on
    }

    /// Notes what a parser found wrong.
    pub(super) fn wrong(&mut self, at: Span, wrong: Wrong) {
        let mistake = self.report.mistake(at, wrong.what).expected(wrong.expected);
        if let Some(remedy) = wrong.remedy {
            mistake.remedy(remedy);
        }
    }
}
