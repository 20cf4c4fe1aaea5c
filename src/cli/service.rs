//! The one command that works where a secret is given to the gate alone: the same command, run as
//! the service is. Runs nothing itself.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};

use super::gates_user;
use crate::config::{self, Inspected, Place, Unread};

/// Credentials of the folder that the unit loads begin so.
const OF_FOLDER: &str = "secrets_";

/// An error that says which secrets are missing, and the command.
pub(super) fn needed(file: &Path, inspected: &Inspected) -> anyhow::Error {
    let unread = inspected.unread();
    anyhow::anyhow!("{}; {}", missing(unread), remedy(file, unread))
}

/// What is missing.
pub(super) fn missing(unread: &[Unread]) -> String {
    let all: Vec<_> = unread.iter().map(|unread| unread.path.as_str()).collect();
    format!("this needs secrets that only the gate is given: {}", all.join(", "))
}

/// What to do.
pub(super) fn remedy(file: &Path, unread: &[Unread]) -> String {
    format!("run it as the service does: {}", command(file, unread))
}

fn command(file: &Path, unread: &[Unread]) -> String {
    let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let mut words: Vec<String> =
        ["sudo", "systemd-run", "--pipe", "--wait", "--quiet", "-p"].map(str::to_owned).into();
    words.push(format!("User={}", user(&file)));
    for property in properties(&file, unread) {
        words.extend(["-p".to_owned(), property]);
    }
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("jsm-gate"));
    words.push(program.display().to_string());
    words.extend(arguments(std::env::args_os().skip(1)));
    words.extend(["--config".to_owned(), file.display().to_string()]);
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
}

fn user(file: &Path) -> String {
    let owner = std::fs::metadata(config::state_dir(file)).ok().map(|folder| folder.uid());
    let owner = owner.and_then(|uid| User::from_uid(Uid::from_raw(uid)).ok().flatten());
    owner.map_or_else(|| gates_user::NAME.to_owned(), |user| user.name)
}

/// Of the transient unit: what hands the secrets over.
fn properties(file: &Path, unread: &[Unread]) -> Vec<String> {
    let folder = file.parent().unwrap_or_else(|| Path::new("/")).join("secrets");
    let property = |unread: &Unread| match &unread.place {
        Place::Credential(name) if name.starts_with(OF_FOLDER) => {
            format!("LoadCredential=secrets:{}", folder.display())
        }
        Place::Credential(name) => format!("LoadCredential={name}:{}", folder.join(name).display()),
        Place::Variable(_) => "EnvironmentFile=/etc/default/jsm-gate".to_owned(),
    };
    let mut properties: Vec<_> = unread.iter().map(property).collect();
    properties.sort();
    properties.dedup();
    properties
}

/// The arguments of this process without `--config`, which may be relative to the present folder.
fn arguments(all: impl Iterator<Item = OsString>) -> Vec<String> {
    let mut all = all.map(|argument| argument.to_string_lossy().into_owned());
    let mut kept = Vec::new();
    while let Some(argument) = all.next() {
        if argument == "--config" {
            all.next();
        } else if !argument.starts_with("--config=") {
            kept.push(argument);
        }
    }
    kept
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=+:,./@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_one_line_for_a_shell_and_names_each_secret() {
        let place = |name: &str| Place::Credential(name.to_owned());
        let unread = [place("secrets_session"), place("secrets_okta"), place("token")]
            .map(|place| Unread { path: "x".to_owned(), place });
        let properties = properties(Path::new("/etc/jsm-gate/proxy.toml"), &unread);
        assert_eq!(
            properties,
            [
                "LoadCredential=secrets:/etc/jsm-gate/secrets",
                "LoadCredential=token:/etc/jsm-gate/secrets/token"
            ]
        );
    }

    #[test]
    fn what_the_admin_typed_stays_and_the_file_is_named_once() {
        let typed = ["links", "--config", "proxy.toml", "--csv", "--config=x"].map(OsString::from);
        assert_eq!(arguments(typed.into_iter()), ["links", "--csv"]);
        assert_eq!(quoted("a b'c"), "'a b'\\''c'");
    }
}
