//! Turns texts of the file into values, one key at a time, and notes what does not parse. It knows
//! how values are read and where files are; it must not know which keys there are.

use std::path::{Path, PathBuf};

use super::field::{Field, Span};
use super::inspect::Unread;
use super::pem;
use super::raw::Texts;
use super::report::Report;
use super::values::{self, ValueError};

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
    pub(super) fn value<'g, T>(&mut self, field: &'g Field<T>) -> Option<&'g T> {
        self.report.broken(field);
        field.value()
    }

    /// The value of a key that has a default.
    pub(super) fn value_or<T: Copy>(&mut self, field: &Field<T>, default: T) -> T {
        self.value(field).copied().unwrap_or(default)
    }

    /// A text, parsed; `None` when it is missing or wrong.
    pub(super) fn parse<T>(
        &mut self,
        field: &Field<String>,
        parser: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        let text = self.value(field)?;
        match parser(text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                self.invalid(field.span().unwrap_or_default(), invalid);
                None
            }
        }
    }

    /// A text, parsed, or the default through the same parser.
    pub(super) fn parse_or<T>(
        &mut self,
        field: &Field<String>,
        default: &str,
        parser: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Option<T> {
        if field.is_given() { self.parse(field, parser) } else { parser(default).ok() }
    }

    /// A list of texts, parsed; those that are wrong are left out.
    pub(super) fn list<T>(
        &mut self,
        field: &Texts,
        default: &[&str],
        parser: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Vec<T> {
        self.spanned_list(field, default, parser).into_iter().map(|(_, value)| value).collect()
    }

    /// A list of texts with the place of each.
    pub(super) fn spanned_list<T>(
        &mut self,
        field: &Texts,
        default: &[&str],
        parser: impl Fn(&str) -> Result<T, ValueError>,
    ) -> Vec<(Span, T)> {
        if !field.is_given() {
            return default.iter().filter_map(|text| Some((0..0, parser(text).ok()?))).collect();
        }
        let mut values = Vec::new();
        for item in self.value(field).into_iter().flatten() {
            let value = self.parse(item, &parser);
            values.extend(item.span().zip(value));
        }
        values
    }

    /// The path of a file or folder, made absolute to the file's own folder.
    pub(super) fn path(&mut self, field: &Field<String>) -> Option<PathBuf> {
        let path = self.parse(field, values::text)?;
        Some(self.folder.join(path))
    }

    /// A file of certificate authorities (PEM).
    pub(super) fn ca_file(&mut self, field: &Field<String>) -> Option<PathBuf> {
        let path = self.path(field)?;
        if let Err(invalid) = pem::certificates(&path) {
            self.invalid(field.span().unwrap_or_default(), invalid);
        }
        Some(path)
    }

    /// A switch that weakens security. It is a warning at each start while it is on.
    pub(super) fn insecure(&mut self, field: &Field<bool>, danger: &str, remedy: &str) -> bool {
        let on = self.value_or(field, false);
        if let (true, Some(span)) = (on, field.span()) {
            self.report.warning(&span, danger, remedy);
        }
        on
    }

    /// Notes what a parser found wrong.
    pub(super) fn invalid(&mut self, at: Span, invalid: ValueError) {
        let mistake = self.report.mistake(at, invalid.what).expected(invalid.expected);
        if let Some(remedy) = invalid.remedy {
            mistake.remedy(remedy);
        }
    }
}
