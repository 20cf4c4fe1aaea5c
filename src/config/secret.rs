//! Reads secrets from where the file says they are, and makes new ones. A secret's value goes into
//! a `SecretString` and never into a report. It must not know what a secret is for.

use std::path::{Component, Path};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};

use super::field::{Field, Span};
use super::inspect::{Place, Unread};
use super::private_file;
use super::reader::Reader;
use super::values::ValueError;

/// Where systemd puts the credentials (systemd.exec(5), "Credentials").
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";

/// AES-256 and SHA-256 have no use for more, and less can be searched.
const SESSION_SECRET_BYTES: usize = 32;

/// Texts from published documentation, which are in every attacker's list.
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
    /// The place of the first one that is given.
    pub(super) fn given(&self) -> Option<Span> {
        [self.file, self.env, self.credential].iter().find_map(|place| place.span())
    }
}

/// What one of the sources led to.
pub(super) enum Found {
    /// The secret.
    Here(Span, SecretString),
    /// Nothing: the secret is given to the gate alone, and it is not needed now.
    Elsewhere(Span),
}

/// A secret of any number of lines that may be left out, with its place in the file.
pub(super) fn lines(reader: &mut Reader<'_>, at: &SecretSources<'_>) -> Option<Found> {
    read(reader, at)
}

/// A random value in place of a secret that cannot be read here.
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

/// Whether one of the sources is given; notes it when none is.
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

/// What the one given source holds, without the newline at its end.
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
    let from_file = reader.parse(at.file, |path| private_file::read(&folder.join(path)));
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

/// Where the secret is, if it is given to the gate alone.
fn out_of_reach(reader: &Reader<'_>, at: &SecretSources<'_>) -> Option<Place> {
    if let Some(name) = at.credential.value().filter(|name| is_plain(name)) {
        let handed_over = (reader.env)(CREDENTIALS_DIRECTORY).is_some();
        return (!handed_over).then(|| Place::Credential(name.clone()));
    }
    let name = at.env.value().filter(|name| is_variable(name))?;
    (reader.env)(name).is_none().then(|| Place::Variable(name.clone()))
}

/// Hides what is given as a variable's name but does not look like one: it is probably the secret
/// itself.
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
    private_file::read(&Path::new(&folder).join(name))
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
