//! Collects every mistake of one file and writes the report of them. It must not know what keys
//! mean, and shows no value that may be a secret.

mod hide;
mod render;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::io::ErrorKind;

use super::Loaded;
use super::field::{Field, Span};
use super::parsed::Config;
use super::syntax::NotToml;
use crate::domain::Finding;

/// Everything that is wrong with a configuration file. `Display` is the whole report.
#[derive(Clone, Debug)]
pub struct ConfigErrors {
    name: String,
    text: String,
    mistakes: Vec<Mistake>,
}

impl ConfigErrors {
    /// The file could not be read at all.
    pub(super) fn unreadable(name: &str, why: &std::io::Error) -> Self {
        let remedy = match why.kind() {
            ErrorKind::PermissionDenied => {
                "run the command as root or as the gate's user, who has to have the right to read it"
            }
            ErrorKind::IsADirectory => "name the file in it with --config",
            _ => "name the file with --config",
        };
        Self::of_file(name, format!("{name} cannot be read: {why}"), remedy)
    }

    /// The file is not text, or in another encoding.
    pub(super) fn not_utf8(name: &str, error: &std::string::FromUtf8Error) -> Self {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        let line = String::from_utf8_lossy(before).matches('\n').count() + 1;
        let what =
            format!("{name} is not UTF-8: line {line} has a byte that is none of its characters");
        Self::of_file(name, what, "save the file as UTF-8")
    }

    fn of_file(name: &str, what: String, remedy: &str) -> Self {
        let mistake = Mistake { what, remedy: Some(remedy.to_owned()), ..Mistake::default() };
        Self { name: name.to_owned(), text: String::new(), mistakes: vec![mistake] }
    }

    /// The mistakes in the file's order.
    #[must_use]
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// The report with colours, for a terminal.
    #[must_use]
    pub fn coloured(&self) -> String {
        render::report(self, render::Style::Coloured)
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render::report(self, render::Style::Plain))
    }
}

impl std::error::Error for ConfigErrors {}

/// One thing that is wrong.
#[derive(Clone, Debug, Default)]
pub struct Mistake {
    /// The key's full path, such as `provider[okta].issuer`; empty for the file itself.
    pub path: String,
    /// What is wrong with it; follows the path in a sentence.
    pub what: String,
    /// Line, counted from 1; 0 for the file itself.
    pub line: usize,
    /// Column in characters, counted from 1; 0 for the file itself.
    pub column: usize,
    span: Span,
    expected: Option<String>,
    earlier: Option<Span>,
    remedy: Option<String>,
    kind: Kind,
}

/// Where a mistake comes from. It shows whether the mistake may be the consequence of another.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Kind {
    /// The file is not TOML here.
    Syntax,
    /// A key is not there.
    Missing,
    /// A key or value is wrong.
    #[default]
    Wrong,
}

impl Mistake {
    /// Says below the caret what is accepted.
    pub(super) fn expected(&mut self, what: impl Into<String>) -> &mut Self {
        self.expected = Some(what.into());
        self
    }

    /// Says what to do.
    pub(super) fn remedy(&mut self, what: impl Into<String>) -> &mut Self {
        self.remedy = Some(what.into());
        self
    }

    /// Points at the earlier place.
    pub(super) fn earlier(&mut self, at: Option<Span>) -> &mut Self {
        self.earlier = at;
        self
    }
}

/// The report while it grows.
#[derive(Debug)]
pub(super) struct Report {
    name: String,
    text: String,
    paths: HashMap<Span, String>,
    meant: HashSet<String>,
    hidden: Vec<Span>,
    /// By place in the file, and there in the order they were noted.
    mistakes: BTreeMap<(usize, usize, usize), Mistake>,
    warnings: Vec<Finding>,
}

impl Report {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
            paths: HashMap::new(),
            meant: HashSet::new(),
            hidden: Vec::new(),
            mistakes: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    /// Remembers which key stands at a place, so that nobody has to say it again.
    pub(super) fn place(&mut self, span: Span, path: &str) {
        self.paths.insert(span, path.to_owned());
    }

    /// The key that stands at a place.
    pub(super) fn path(&self, span: &Span) -> String {
        self.paths.get(span).cloned().unwrap_or_default()
    }

    /// Hides this part of the file, which may be a secret.
    pub(super) fn hide(&mut self, span: Span) {
        self.hidden.push(span);
    }

    /// Notes what is wrong with the key at a place.
    pub(super) fn mistake(&mut self, span: Span, what: impl Into<String>) -> &mut Mistake {
        let path = self.path(&span);
        self.mistake_of(path, span, what)
    }

    /// Notes what is wrong with a key that has no place of its own, such as a missing one.
    pub(super) fn mistake_of(
        &mut self,
        path: impl Into<String>,
        span: Span,
        what: impl Into<String>,
    ) -> &mut Mistake {
        let (line, column) = line_and_column(&self.text, span.start);
        let (path, what) = (path.into(), what.into());
        let place = (span.start, span.end, self.mistakes.len());
        let mistake = Mistake { path, what, line, column, span, ..Mistake::default() };
        self.mistakes.entry(place).or_insert(mistake)
    }

    /// Notes that a key is missing, unless another mistake shows that it was meant to be there.
    pub(super) fn missing(&mut self, path: String, section: &Span, remedy: impl Into<String>) {
        if !self.meant.contains(&path) {
            let mistake = self.mistake_of(path, section.clone(), "is missing");
            mistake.remedy(remedy).kind = Kind::Missing;
        }
    }

    /// Remembers that an unknown key was meant to be this one, so that this one is not reported as
    /// missing.
    pub(super) fn meant(&mut self, path: String) {
        self.meant.insert(path);
    }

    /// Notes what is not even TOML.
    pub(super) fn not_toml(&mut self, error: NotToml) {
        let mistake = self.mistake_of("", error.span, format!("not TOML: {}", error.what));
        mistake.kind = Kind::Syntax;
        if let Some(line) = error.begins {
            mistake.remedy(format!("what begins on line {line} is not closed before this place"));
        }
    }

    /// Notes a value that serde could not read, unless the schema already said it better.
    pub(super) fn broken<T>(&mut self, field: &Field<T>) {
        if let Field::Broken(span, words) = field {
            let known = |mistake: &Mistake| {
                span.start <= mistake.span.start && mistake.span.end <= span.end
            };
            if !self.mistakes.values().any(known) {
                self.mistake(span.clone(), format!("cannot be read: {words}"));
            }
        }
    }

    /// Notes what works but should be said at each start.
    pub(super) fn warning(&mut self, span: &Span, text: &str, remedy: &str) {
        self.warnings.push(Finding::warning(self.path(span), text, remedy));
    }

    /// The configuration if nothing was wrong.
    pub(super) fn finish(mut self, config: Option<Config>) -> Result<Loaded, ConfigErrors> {
        if self.mistakes.is_empty() {
            if let Some(config) = config {
                return Ok(Loaded { config, warnings: self.warnings });
            }
            self.mistake_of("", 0..0, "the file is not a configuration");
        }
        // What is missing may stand in a line that is not TOML.
        let not_toml = self.mistakes.values().any(|mistake| mistake.kind == Kind::Syntax);
        let keep = |mistake: &Mistake| !(not_toml && mistake.kind == Kind::Missing);
        let mistakes = self.mistakes.into_values().filter(keep).collect();
        let text = hide::secrets(&self.text, &self.hidden);
        Err(ConfigErrors { name: self.name, text, mistakes })
    }
}

fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (line, column)
}
