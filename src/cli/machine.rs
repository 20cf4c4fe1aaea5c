//! The part of `jsm-gate check` about this machine: the addresses to listen on, the folder of the
//! state, the file of the audit trail. It leaves nothing behind.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use nix::unistd::{Uid, User};

use super::control::ControlClient;
use crate::config::{self, AuditTo, Config};
use crate::domain::Finding;
use crate::server::control::{self, ControlAnswer, ControlRequest};
use crate::server::{StartError, listen};

/// A server on this machine answers at once.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(300);

/// What the unit has systemd make when the gate starts.
const MADE_BY_SYSTEMD: [&str; 2] = [config::DEFAULT_STATE_DIR, "/var/log/jsm-gate"];

/// What of this machine would keep the gate from starting.
pub(super) fn check(config: &Config) -> Vec<Finding> {
    let mut findings = addresses(config);
    if let Some(finding) = somebody_elses(&config.gate.state_dir) {
        findings.push(finding);
        return findings;
    }
    findings.extend(state_dir(&config.gate.state_dir));
    if let AuditTo::File(file) = &config.audit.to {
        findings.push(audit(file));
    }
    findings
}

fn addresses(config: &Config) -> Vec<Finding> {
    let of_the_gate = addresses_of_the_gate(&config.gate.state_dir);
    let public = config.gate.listen.iter().copied().zip(listen::bind_each(&config.gate.listen));
    let public = public.map(|(address, bound)| ("gate.listen", address, bound));
    let operations = config.gate.operations_listen.map(|address| {
        let key = "gate.operations_listen";
        (key, address, listen::bind_one(key, address))
    });
    // All are held until the last one is tried: two of them can be in each other's way.
    let tried: Vec<_> = public.chain(operations).collect();
    tried
        .iter()
        .map(|(key, address, bound)| one_address(key, *address, bound, &of_the_gate))
        .collect()
}

fn one_address(
    key: &'static str,
    address: SocketAddr,
    bound: &Result<TcpListener, StartError>,
    of_the_gate: &[SocketAddr],
) -> Finding {
    let source = match bound {
        Ok(_) => return Finding::ok(key, format!("{address} is free")),
        Err(StartError::Bind { source, .. }) => source,
        Err(error) => return Finding::failure(key, error.to_string(), "see the message"),
    };
    let denied = source.kind() == ErrorKind::PermissionDenied;
    let taken = if denied { answers(address) } else { source.kind() == ErrorKind::AddrInUse };
    if taken && of_the_gate.contains(&address) {
        return Finding::ok(key, format!("the running gate is at {address}"));
    }
    if taken {
        let text = format!("{address} is in use by another program");
        let remedy =
            "see which one with: ss -ltnp; if it is systemd, for jsm-gate.socket, all is well";
        return Finding::failure(key, text, remedy);
    }
    if denied {
        return Finding::ok(key, format!("nobody is at {address}, and the unit may listen there"));
    }
    Finding::failure(key, format!("cannot listen on {address}: {source}"), listen::remedy(source))
}

/// Where the gate with this state folder listens, if one runs.
fn addresses_of_the_gate(state_dir: &Path) -> Vec<SocketAddr> {
    let client = ControlClient::begin(&control::path(state_dir)).ok().flatten();
    match client.map(|mut client| client.ask(&ControlRequest::Addresses)) {
        Some(Ok(ControlAnswer::Addresses(addresses))) => addresses,
        _ => Vec::new(),
    }
}

fn answers(address: SocketAddr) -> bool {
    let here = if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    };
    TcpStream::connect_timeout(&here, CONNECT_TIMEOUT).is_ok()
}

/// Only the owner of the state folder can say what the gate can do there.
fn somebody_elses(state_dir: &Path) -> Option<Finding> {
    let owner = Uid::from_raw(fs::metadata(state_dir).ok()?.uid());
    if owner == Uid::effective() || Uid::effective().is_root() {
        return None;
    }
    let name = User::from_uid(owner).ok().flatten();
    let name = name.map_or_else(|| owner.to_string(), |user| user.name);
    Some(Finding::warning(
        "gate.state_dir",
        format!("{} belongs to {name}, so it was not looked into", state_dir.display()),
        "run the check as root or as that user",
    ))
}

fn state_dir(folder: &Path) -> Vec<Finding> {
    let subject = "gate.state_dir";
    let here = folder.display();
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => vec![missing_folder(subject, folder)],
        Err(error) => vec![Finding::failure(
            subject,
            format!("{here} cannot be read: {error}"),
            "let the gate's user own it, with mode 0700",
        )],
        Ok(entries) => {
            let files =
                entries.flatten().filter(|entry| entry.file_type().is_ok_and(|it| it.is_file()));
            let unusable = files.filter_map(|entry| {
                let error = OpenOptions::new().read(true).write(true).open(entry.path()).err()?;
                Some(Finding::failure(
                    subject,
                    format!("{} cannot be used: {error}", entry.path().display()),
                    format!(
                        "give it to the owner of its folder: chown --reference={here} {here}/*"
                    ),
                ))
            });
            let mut findings: Vec<_> = unusable.collect();
            findings.extend(not_writable(folder).map(|error| {
                let text = format!("nothing can be written into {here}: {error}");
                Finding::failure(subject, text, "let the gate's user own it, with mode 0700")
            }));
            if findings.is_empty() {
                findings.push(Finding::ok(subject, format!("{here} can be used")));
            }
            findings
        }
    }
}

fn audit(file: &Path) -> Finding {
    let subject = "audit.file";
    let here = file.display();
    let folder = file.parent().unwrap_or_else(|| Path::new("/"));
    let problem = match OpenOptions::new().append(true).open(file) {
        Ok(_) => None,
        Err(error) if error.kind() != ErrorKind::NotFound => Some(error),
        Err(_) if !folder.is_dir() => return missing_folder(subject, folder),
        Err(_) => not_writable(folder),
    };
    match problem {
        None => Finding::ok(subject, format!("{here} can be written")),
        Some(error) => Finding::failure(
            subject,
            format!("{here} cannot be written: {error}"),
            "let the gate's user write it, or leave the key out: the trail is in the log then",
        ),
    }
}

fn missing_folder(subject: &str, folder: &Path) -> Finding {
    let here = folder.display();
    let nearest =
        folder.ancestors().find(|ancestor| ancestor.is_dir()).unwrap_or_else(|| Path::new("/"));
    if MADE_BY_SYSTEMD.iter().any(|made| Path::new(made) == folder) {
        return Finding::ok(subject, format!("{here} is not there yet; systemd makes it"));
    }
    if subject == "gate.state_dir" && not_writable(nearest).is_none() {
        return Finding::ok(subject, format!("{here} is not there yet; the gate makes it"));
    }
    let text = format!("the folder {here} does not exist");
    Finding::failure(subject, text, "create it and let the gate's user own it")
}

/// Why nothing can be made in a folder; found out by making something, which is gone at once.
fn not_writable(folder: &Path) -> Option<io::Error> {
    let probe = folder.join(format!(".jsm-gate-check-{}", std::process::id()));
    let made = OpenOptions::new().write(true).create_new(true).open(&probe);
    let _ = fs::remove_file(&probe);
    made.err()
}
