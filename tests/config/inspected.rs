//! What a command sees that is not the gate: no secrets, and sometimes no usable file.

use std::fs;
use std::path::Path;

use jsm_gate::config::{self, DEFAULT_STATE_DIR};
use rstest::rstest;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;

const CREDENTIALS: &str = include_str!("../data/config/bad/credentials.toml");

fn file(text: impl AsRef<[u8]>) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("proxy.toml");
    fs::write(&file, text).unwrap();
    (folder, file)
}

#[rstest]
#[case::credentials("_credential = \"secrets_main\"", "_credential = \"secrets_main\"")]
#[case::a_variable("_credential = \"secrets_main\"", "_env = \"JSM_GATE_NO_SUCH_VARIABLE\"")]
#[case::a_key("client_secret_credential", "client_key_credential")]
fn secrets_that_only_the_gate_is_given_are_not_needed_to_look(
    #[case] from: &str,
    #[case] to: &str,
) {
    let text = CREDENTIALS.replace(from, to);
    let (_folder, file) = file(&text);
    let inspected = config::inspect(&file).unwrap_or_else(|errors| panic!("{errors}"));
    let unread: Vec<_> = inspected.unread().iter().map(|unread| unread.path.as_str()).collect();
    assert_eq!(unread.len(), 3, "{unread:?}");
    assert!(unread.contains(&"session.secret_credential"), "{unread:?}");
    assert!(inspected.complete().is_err(), "a gate could run without its secrets");
    assert!(config::load(&file).is_err(), "a gate could run without its secrets");
}

#[test]
fn what_stands_for_a_secret_is_known_to_nobody() {
    let (_folder, file) = file(CREDENTIALS);
    let secrets: Vec<_> = (0..2)
        .map(|_| {
            config::inspect(&file).unwrap().config().session.secrets[0].expose_secret().to_owned()
        })
        .collect();
    assert_ne!(secrets[0], secrets[1]);
}

#[rstest]
#[case::a_mistake_elsewhere("[gate]\npublic_url = 7\nstate_dir = \"here\"\n[jms]\nx = 1", "here")]
#[case::no_toml("[gate]\nstate_dir = \"here\"\npublic_url = \"\n[jsm", "here")]
#[case::no_utf_8(b"[gate]\nstate_dir = \"here\" # T\xfcr\n", "here")]
#[case::absolute("[gate]\nstate_dir = \"/srv/gate\"\n[", "/srv/gate")]
#[case::not_said("[gate]\n", DEFAULT_STATE_DIR)]
#[case::of_another_type("[gate]\nstate_dir = 7\n", DEFAULT_STATE_DIR)]
#[case::empty("", DEFAULT_STATE_DIR)]
fn the_folder_of_the_running_gate_is_found_in_any_file(
    #[case] text: impl AsRef<[u8]>,
    #[case] expected: &str,
) {
    let (folder, file) = file(text);
    assert_eq!(config::state_dir(&file), folder.path().join(expected));
}

#[test]
fn without_a_file_the_usual_folder_is_meant() {
    assert_eq!(config::state_dir("nowhere/proxy.toml".as_ref()), Path::new(DEFAULT_STATE_DIR));
}
