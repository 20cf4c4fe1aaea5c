//! What `make install` puts where, and what the build says when something is missing.

#![cfg(test)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Puts a command of that name into a folder.
fn command(folder: &Path, name: &str, script: &str) {
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

fn with_path(folder: &Path) -> String {
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

fn cmake(path: &str) -> Output {
    let mut cmake = Command::new(Path::new(ROOT).join("scripts/cmake"));
    cmake.env("PATH", path).env("DESTDIR", "/package").output().unwrap()
}

#[test]
fn a_build_without_cmake_says_how_to_get_it() {
    let nothing = TempDir::new().unwrap();
    let ended = cmake(nothing.path().to_str().unwrap());
    assert!(!ended.status.success());
    let said = text(&ended.stderr);
    assert!(said.contains("missing: cmake") && said.contains("apt-get install"), "{said}");
    let cargo = fs::read_to_string(Path::new(ROOT).join(".cargo/config.toml")).unwrap();
    assert!(cargo.contains("CMAKE = { value = \"scripts/cmake\", relative = true }"), "{cargo}");
}

#[test]
fn a_dependency_is_not_installed_into_the_package() {
    let folder = TempDir::new().unwrap();
    command(folder.path(), "cmake", "echo \"DESTDIR=${DESTDIR-none}\"");
    assert_eq!(text(&cmake(&with_path(folder.path())).stdout), "DESTDIR=none\n");
}

/// `make install` of a clean clone, into a package below `folder`, with a build that only notes in
/// `folder/saw` what it was told.
fn make_install(folder: &Path) {
    let script = "echo \"${DESTDIR-none} $MAKEFLAGS\" >\"$CARGO_TARGET_DIR/saw\"\n\
                  mkdir -p \"$CARGO_TARGET_DIR/release\"\n\
                  cp \"$0\" \"$CARGO_TARGET_DIR/release/jsm-gate\"";
    command(folder, "cargo", script);
    let ended = Command::new("make")
        .current_dir(ROOT)
        .args(["install", "SYSCONFDIR=/opt/gate/etc", "PREFIX=/opt/gate"])
        .arg(format!("DESTDIR={}", folder.join("package").display()))
        .env("CARGO_TARGET_DIR", folder)
        .env("PATH", with_path(folder))
        .output()
        .unwrap();
    assert!(ended.status.success(), "{}", text(&ended.stderr));
}

/// The build of a dependency would install itself there.
#[test]
fn make_install_keeps_destdir_from_the_build() {
    let folder = TempDir::new().unwrap();
    make_install(folder.path());
    let saw = fs::read_to_string(folder.path().join("saw")).unwrap();
    assert!(saw.starts_with("none ") && !saw.contains("DESTDIR"), "the build saw {saw}");
    assert!(folder.path().join("package/opt/gate/bin/jsm-gate").exists());
}

#[test]
fn every_file_that_is_installed_names_the_folders_of_the_installation() {
    let folder = TempDir::new().unwrap();
    make_install(folder.path());
    let lib = folder.path().join("package/opt/gate/lib");
    let unit = "systemd/system/jsm-gate.service";
    for (file, named) in [
        (unit, "LoadCredential=secrets:/opt/gate/etc/jsm-gate/secrets"),
        (unit, "ExecStart=/opt/gate/bin/jsm-gate run"),
        (unit, "ExecReload=/opt/gate/bin/jsm-gate reload"),
        ("tmpfiles.d/jsm-gate.conf", "d /opt/gate/etc/jsm-gate/secrets"),
    ] {
        let said = fs::read_to_string(lib.join(file)).unwrap();
        assert!(said.contains(named), "{file} does not say {named}");
        assert!(!said.contains(" /etc/jsm-gate") && !said.contains("/usr/bin"), "{said}");
    }
}

/// docs/install.md puts the secrets there, and the unit hands them over.
#[test]
fn the_installed_configuration_names_the_secrets_as_the_documentation_does() {
    let folder = TempDir::new().unwrap();
    make_install(folder.path());
    let proxy = folder.path().join("package/opt/gate/etc/jsm-gate/proxy.toml");
    let proxy = fs::read_to_string(proxy).unwrap();
    let page = fs::read_to_string(Path::new(ROOT).join("docs/install.md")).unwrap();
    for name in ["session", "jsm-token", "okta"] {
        assert!(page.contains(&format!("> /etc/jsm-gate/secrets/{name}")), "{name}");
        let line = format!("_credential = \"secrets_{name}\"");
        assert!(page.contains(&line) && proxy.contains(&line), "{line}");
    }
    // In comments, too: a line has to be right once its # is removed.
    let of_a_file = |line: &&str| line.contains("_file = \"secrets/");
    assert_eq!(proxy.lines().find(of_a_file), None);
    let of_another_name =
        |line: &&str| line.contains("_credential = \"") && !line.contains("\"secrets_");
    assert_eq!(proxy.lines().find(of_another_name), None);
}

/// A refused reload has to fail `systemctl reload`, and the audit trail has to see who asks for an
/// emergency link.
#[test]
fn the_unit_reloads_with_an_answer_and_shows_the_gate_who_asks() {
    let unit = fs::read_to_string(Path::new(ROOT).join("deploy/jsm-gate.service")).unwrap();
    let has = |line: &str| unit.lines().any(|it| it == line);
    assert!(has("ExecReload=/usr/bin/jsm-gate reload --config /etc/jsm-gate/proxy.toml"));
    assert!(has("ProtectProc=default"));
    let files = unit.lines().find_map(|line| line.strip_prefix("LimitNOFILE=")).unwrap();
    assert!(files.parse::<u64>().unwrap() >= 3 * 20_000, "three files for each connection");
}
