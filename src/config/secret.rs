//! Reads secrets from where the file says they are, and makes new ones. A secret's value goes into
//! a `SecretString` and never into a report.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::field::{Field, Span};
use super::inspect::{Place, Unread};
use super::reader::Reader;
use super::values::ValueError;

/// Where systemd puts what it hands over (systemd.exec(5), "Credentials").
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// AES-256 and SHA-256 have no use for more, and less can be searched.
const SESSION_SECRET_BYTES: usize = 32;

/// Texts that stand in somebody's documentation and therefore in every attacker's list.
const SAMPLES: [&str; 6] = [
    "0123456789abcdef0123456789abcdef",
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    "changemechangemechangemechangeme",
    "change-me-change-me-change-me-change-me",
    "insert-at-least-32-random-bytes-here",
    "a-very-long-session-secret-that-is-a-sample",
];

/// A new random secret: 256 bits as 43 characters that need no quoting anywhere.
#[must_use]
pub fn new_secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// The three keys that say where a secret is.
pub(super) struct SecretSources<'a> {
    /// The secret's own name: `client_secret`.
    pub(super) name: &'static str,
    /// `client_secret_file`
    pub(super) file: &'a Field<String>,
    /// `client_secret_env`
    pub(super) env: &'a Field<String>,
    /// `client_secret_credential`
    pub(super) credential: &'a Field<String>,
}

impl SecretSources<'_> {
    /// Where the first one stands that is given.
    pub(super) fn given(&self) -> Option<Span> {
        [self.file, self.env, self.credential].iter().find_map(|place| place.span())
    }
}

/// What one of the places led to.
pub(super) enum Found {
    /// The secret.
    Here(Span, SecretString),
    /// Nothing: only the gate itself is given it, and it is not needed now.
    Elsewhere(Span),
}

/// A secret of any number of lines that may be left out, and where the file says where it is.
pub(super) fn lines(reader: &mut Reader<'_>, at: &SecretSources<'_>) -> Option<Found> {
    read(reader, at)
}

/// In the place of a secret that is not at hand stands one that nobody knows.
fn stand_in() -> SecretString {
    SecretString::from(new_secret())
}

/// A secret that has to be there, of one line.
pub(super) fn required(
    reader: &mut Reader<'_>,
    section: &Span,
    at: &SecretSources<'_>,
) -> Option<SecretString> {
    said_once(reader, section, at).then(|| optional(reader, at)).flatten()
}

/// A secret that may be left out, of one line.
pub(super) fn optional(reader: &mut Reader<'_>, at: &SecretSources<'_>) -> Option<SecretString> {
    let Found::Here(span, secret) = read(reader, at)? else { return Some(stand_in()) };
    let one_line = !secret.expose_secret().contains(char::is_control);
    if !one_line {
        reader.report.mistake(span, "has more than one line").expected("expected one line only");
    }
    one_line.then_some(secret)
}

/// The secrets that seal cookies, one a line (docs/security.md H1).
pub(super) fn session(
    reader: &mut Reader<'_>,
    section: &Span,
    at: &SecretSources<'_>,
) -> Option<Vec<SecretString>> {
    if !said_once(reader, section, at) {
        return None;
    }
    let Found::Here(span, text) = read(reader, at)? else { return Some(vec![stand_in()]) };
    let lines = text.expose_secret().lines().map(str::trim).enumerate();
    let mut secrets = Vec::new();
    for (number, line) in lines.filter(|(_, line)| !line.is_empty()) {
        match weakness(line) {
            None => secrets.push(SecretString::from(line)),
            Some(weakness) => {
                let what = format!("holds a weak secret: line {} {weakness}", number + 1);
                let file = at.file.value().map_or("secrets/session", String::as_str);
                let remedy = format!("make a new one: (umask 077; jsm-gate secret > {file})");
                reader.report.mistake(span.clone(), what).remedy(remedy);
            }
        }
    }
    Some(secrets)
}

fn weakness(secret: &str) -> Option<String> {
    if secret.len() < SESSION_SECRET_BYTES {
        let (found, needed) = (secret.len(), SESSION_SECRET_BYTES);
        return Some(format!("has {found} bytes, fewer than {needed}"));
    }
    SAMPLES.contains(&secret).then(|| "is a sample that everybody can read".to_owned())
}

/// Whether one of the places is given; notes it when none is.
fn said_once(reader: &mut Reader<'_>, section: &Span, at: &SecretSources<'_>) -> bool {
    let given = at.given().is_some();
    if !given {
        let name = at.name;
        let path = format!("{}.{name}_file", reader.report.path(section));
        let remedy =
            format!("add {name}_file, {name}_env or {name}_credential: where the secret is");
        reader.report.missing(path, section, remedy);
    }
    given
}

/// What the one given place holds, without the newline at its end.
fn read(reader: &mut Reader<'_>, at: &SecretSources<'_>) -> Option<Found> {
    let places = [at.file, at.env, at.credential];
    let mut given = places.iter().filter_map(|place| place.span());
    let first = given.next()?;
    if let Some(second) = given.next() {
        let mistake = reader.report.mistake(second, "is a second place of the same secret");
        mistake.expected("expected one place only").earlier(Some(first));
        return None;
    }
    hide_pasted_secret(reader, at.env);
    if let Some(place) = out_of_reach(reader, at)
        && let Some(unread) = &mut reader.unread
    {
        unread.push(Unread { path: reader.report.path(&first), place });
        return Some(Found::Elsewhere(first));
    }
    let (folder, env) = (reader.folder, reader.env);
    let from_file = reader.parse(at.file, |path| from_file(&folder.join(path)));
    let from_env = reader.parse(at.env, |name| from_env(name, env));
    let from_credential = reader.parse(at.credential, |name| from_credential(name, env));
    let read = from_file.or(from_env).or(from_credential)?;
    let secret = read.trim_end_matches(['\r', '\n']);
    if secret.trim().is_empty() {
        reader.report.mistake(first, "leads to an empty secret").expected("expected a secret here");
        return None;
    }
    Some(Found::Here(first, SecretString::from(secret)))
}

/// Where the secret is, if only the gate itself is given it.
fn out_of_reach(reader: &Reader<'_>, at: &SecretSources<'_>) -> Option<Place> {
    if let Some(name) = at.credential.value().filter(|name| is_plain(name)) {
        let handed_over = (reader.env)(CREDENTIALS_DIRECTORY).is_some();
        return (!handed_over).then(|| Place::Credential(name.clone()));
    }
    let name = at.env.value().filter(|name| is_variable(name))?;
    (reader.env)(name).is_none().then(|| Place::Variable(name.clone()))
}

/// What stands for a variable's name without looking like one is probably the secret itself.
fn hide_pasted_secret(reader: &mut Reader<'_>, name: &Field<String>) {
    if let Field::Value(span, name) = name
        && !is_variable(name)
    {
        reader.report.hide(span.clone());
    }
}

fn is_variable(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(fits)
}

/// A file that only its owner, and at most a group that may read it, can use.
pub(super) fn from_file(path: &Path) -> Result<String, ValueError> {
    let unreadable = |error: std::io::Error| {
        let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
        let what = format!("cannot be read: {}: {error}", path.display());
        let invalid = ValueError::new(what, "expected a file that the gate may read");
        let remedy = "use the key that ends in _credential, which works with files of root's; or let \
                      the gate's group read the file and enter its folder";
        if denied { invalid.remedy(remedy) } else { invalid }
    };
    let file = fs::metadata(path).map_err(unreadable)?;
    if file.is_dir() {
        let what = format!("is a folder: {}", path.display());
        return Err(ValueError::new(what, "expected a file").remedy("name the file in it"));
    }
    let mode = file.permissions().mode();
    if mode & 0o027 != 0 {
        let what = format!("can be read or changed by others (mode {:03o})", mode & 0o777);
        let expected = "expected a file of mode 600 or 640";
        return Err(ValueError::new(what, expected).remedy(make_private(path)));
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// How to keep a file from others. The gate's user reads what root owns by its group: with mode 600
/// the service could not start.
fn make_private(path: &Path) -> String {
    let path = path.display();
    format!(
        "chmod 600 {path} where the gate's user owns it, else: chgrp jsm-gate {path} && chmod 640 {path}"
    )
}

fn from_env(name: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<String, ValueError> {
    env(name).ok_or_else(|| {
        ValueError::new("names a variable that is not set", "expected the name of a variable")
            .remedy("set it in the unit's EnvironmentFile, or use the key that ends in _file")
    })
}

fn from_credential(name: &str, env: &dyn Fn(&str) -> Option<String>) -> Result<String, ValueError> {
    if !is_plain(name) {
        return Err(ValueError::new("is not a name", "expected the name of a systemd credential"));
    }
    let folder = env(CREDENTIALS_DIRECTORY).ok_or_else(|| {
        ValueError::new("needs systemd, which handed over no credentials", "expected a credential")
            .remedy(
                "start the gate with systemctl; its unit has to have LoadCredential= for the secret",
            )
    })?;
    from_file(&Path::new(&folder).join(name))
}

fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn new_secrets_are_long_plain_and_never_the_same() {
        let secrets: HashSet<String> = (0..100).map(|_| new_secret()).collect();
        assert_eq!(secrets.len(), 100);
        for secret in secrets {
            assert_eq!(URL_SAFE_NO_PAD.decode(&secret).unwrap().len(), 32);
            assert_eq!(weakness(&secret), None);
        }
    }
}
