//! The SAML service providers that a login is tried with, written by other people in four languages: where
//! each takes what, and how it is started. Must not know how the gate is configured.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs a program for as long as our input is open. `$$` stays its number after `exec`.
const WHILE_INPUT_IS_OPEN: &str =
    r#"exec 3<&0; (cat <&3; kill -9 $$) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-"#;

/// One of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Software {
    /// Python, after the way of `OneLogin`: as strict as it can be, and validates by the schemas.
    Python3Saml,
    /// Python; `xmlsec1` verifies for it.
    Pysaml2,
    /// Node.js.
    NodeSaml,
    /// Node.js, of Auth0.
    PassportWsfedSaml2,
    /// A module of Apache, on Lasso.
    Mellon,
    /// PHP.
    SimpleSamlPhp,
}

/// How it asks for a login.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Requests {
    /// By redirect and unsigned; Mellon signs all the same, and the gate does not know its key.
    Plain,
    /// By redirect, with a signature in the query.
    SignedRedirect,
    /// By a form, with a signature in the message.
    SignedPost,
}

impl Software {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Python3Saml,
        Self::Pysaml2,
        Self::NodeSaml,
        Self::PassportWsfedSaml2,
        Self::Mellon,
        Self::SimpleSamlPhp,
    ];

    /// What its makers call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Python3Saml => "python3-saml",
            Self::Pysaml2 => "pysaml2",
            Self::NodeSaml => "node-saml",
            Self::PassportWsfedSaml2 => "passport-wsfed-saml2",
            Self::Mellon => "mellon",
            Self::SimpleSamlPhp => "simplesamlphp",
        }
    }

    /// The ways it can ask.
    pub(super) fn requests(self) -> &'static [Requests] {
        match self {
            Self::Python3Saml => &[Requests::Plain, Requests::SignedRedirect],
            _ => &[Requests::Plain, Requests::SignedRedirect, Requests::SignedPost],
        }
    }

    /// Where it takes answers.
    pub(super) fn acs_path(self) -> &'static str {
        match self {
            Self::Mellon => "/mellon/postResponse",
            Self::SimpleSamlPhp => "/simplesaml/module.php/saml/sp/saml2-acs.php/gate",
            _ => "/acs",
        }
    }

    /// Where it is told of logouts, if it knows of any.
    pub(super) fn slo_path(self) -> Option<&'static str> {
        match self {
            Self::PassportWsfedSaml2 => None,
            Self::Mellon => Some("/mellon/logout"),
            Self::SimpleSamlPhp => Some("/simplesaml/module.php/saml/sp/saml2-logout.php/gate"),
            _ => Some("/slo"),
        }
    }

    /// Whether it takes an answer that it has not asked for.
    pub(super) fn takes_unasked_answers(self) -> bool {
        self != Self::Pysaml2
    }

    /// What it says of an answer that was changed on the way.
    pub(super) fn says_of_forgery(self) -> &'static str {
        match self {
            Self::Python3Saml => "Signature validation failed",
            Self::Pysaml2 => "SignatureError",
            Self::NodeSaml => "Invalid document signature",
            Self::PassportWsfedSaml2 => "Signature check errors",
            Self::Mellon => "400 Bad Request",
            Self::SimpleSamlPhp => "Reference validation failed",
        }
    }

    /// What it says of an answer that was used before.
    pub(super) fn says_of_replay(self) -> &'static str {
        match self {
            Self::Python3Saml | Self::NodeSaml | Self::PassportWsfedSaml2 => "InResponseTo",
            Self::Pysaml2 => "Unsolicited response",
            Self::Mellon => "400 Bad Request",
            Self::SimpleSamlPhp => "Received duplicate assertion",
        }
    }

    /// The program, without its environment. It may write into the folder.
    ///
    /// # Panics
    /// When it is not installed: a test that cannot run has not passed.
    pub(super) fn command(self, folder: &Path, port: u16) -> Command {
        match self {
            Self::Python3Saml => python("python3_saml.py"),
            Self::Pysaml2 => python("pysaml2.py"),
            Self::NodeSaml => node("node-saml.mjs"),
            Self::PassportWsfedSaml2 => node("passport-wsfed-saml2.mjs"),
            Self::Mellon => mellon(folder),
            Self::SimpleSamlPhp => simplesamlphp(port),
        }
    }
}

impl Requests {
    /// As the programs and the gate's configuration of the tests call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::SignedRedirect => "signed-redirect",
            Self::SignedPost => "signed-post",
        }
    }
}

fn python(script: &str) -> Command {
    let mut command = Command::new(installed(here("venv/bin/python")));
    command.arg(here("service_providers").join(script));
    command
}

fn node(script: &str) -> Command {
    installed(here("node_modules/@node-saml"));
    let mut command = Command::new("node");
    command.arg("--no-deprecation").arg(here("service_providers").join(script));
    command
}

/// Apache as one process. As root it changes to a user without rights, who reads what it serves.
fn mellon(folder: &Path) -> Command {
    installed("/usr/lib/apache2/modules/mod_auth_mellon.so".into());
    let is_root = nix::unistd::geteuid().is_root();
    fs::copy(here("service_providers/mellon.py"), folder.join("mellon.py")).unwrap();
    fs::write(folder.join("nobody.txt"), "nobody").unwrap();
    let mode = if is_root { 0o777 } else { 0o700 };
    fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
    let mut command = while_input_is_open("/usr/sbin/apache2");
    command.args(["-X", "-f"]).arg(here("service_providers/mellon.conf")).arg("-d").arg(folder);
    command.env("SP_USER", if is_root { "User www-data" } else { "" });
    command
}

/// PHP's own web server, which answers one request after the other.
fn simplesamlphp(port: u16) -> Command {
    installed(here("simplesamlphp/lib"));
    let folder = here("service_providers/simplesamlphp");
    let mut command = while_input_is_open("php");
    command.arg("-S").arg(format!("127.0.0.1:{port}")).arg(folder.join("index.php"));
    command.env("SIMPLESAMLPHP_CONFIG_DIR", folder);
    command
}

fn while_input_is_open(program: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", WHILE_INPUT_IS_OPEN, "sh", program]);
    command
}

fn here(path: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e")).join(path)
}

fn installed(path: PathBuf) -> PathBuf {
    let remedy = "run `make test`, or scripts/packages test";
    assert!(path.exists(), "{} is not installed: {remedy}", path.display());
    path
}
