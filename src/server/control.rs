//! `control.sock` in `state_dir`: commands to the running gate, from the gate's user and root
//! alone. A request is one line of JSON, and so is each answer. Must not know what a command does:
//! that is for the modules below.

mod customers;
mod emergency;
mod links;
mod saml;
mod sessions;
mod test_login;
mod trace;

use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::time::timeout;

pub use self::saml::{
    CertificateText, SamlRequest, SamlValues, changed as keys_changed,
    find as find_service_provider,
};
pub use customers::{CustomersAnswer, CustomersRequest};
pub(super) use emergency::{end as end_emergency, resume as resume_emergency};
pub use links::{Links, PortalLine, lines};
pub use sessions::SessionLine;
pub use test_login::{TestLoginRequest, Tested};
pub use trace::TraceRequest;

use super::{Assembly, reload};
use crate::config::GateConfig;
use crate::grants::EmergencyWish;
use crate::sso::Exchange;
use crate::state_file;

/// The longest request.
const MAX_REQUEST_BYTES: u64 = 64 * 1024;

/// How long a request may take to arrive.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long to wait when a connection cannot be accepted, as when no more files can be opened.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_secs(1);

/// A command.
#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum ControlRequest {
    /// The live sessions of everybody, or of one email address or subject.
    Sessions {
        /// The email address or subject.
        of: Option<String>,
    },
    /// Ends all sessions of one email address or subject.
    EndSessions {
        /// The email address or subject.
        of: String,
    },
    /// Ends one session.
    EndSession {
        /// The id that the list shows, or its beginning.
        id: String,
    },
    /// All portals with their links, as JSM lists them now.
    Links,
    /// Where the gate listens.
    Addresses,
    /// A link for one login that begins no session. Has two answers.
    TestLogin(TestLoginRequest),
    /// A link that lets a person in without a provider.
    Emergency(EmergencyWish),
    /// Revokes all such links and ends the sessions that began by one.
    EndEmergency,
    /// About which account in JSM a login opens.
    Customers(CustomersRequest),
    /// About what a service provider has to be told.
    Saml(SamlRequest),
    /// What was exchanged lately with a service provider.
    Trace(TraceRequest),
    /// Takes over the configuration file as it is now.
    Reload,
}

/// The answer to a command.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlAnswer {
    /// The sessions that were asked for, the oldest first.
    Sessions(Vec<SessionLine>),
    /// How many sessions were ended.
    Ended(usize),
    /// An address to open.
    Open(String),
    /// The portals.
    Links(Links),
    /// Where the gate listens, for customers and for operations.
    Addresses(Vec<SocketAddr>),
    /// The result of a test login.
    Tested(Box<Tested>),
    /// What came of a request about customers.
    Customers(CustomersAnswer),
    /// What a service provider has to be told.
    Saml(Box<SamlValues>),
    /// What was exchanged lately with a service provider, the oldest first.
    Trace(Vec<Exchange>),
    /// The file was taken over. These keys wait for the next start.
    Reloaded(Vec<String>),
    /// The command was not carried out: why, and what to do.
    Refused(String),
}

/// The path of a gate's socket.
#[must_use]
pub fn path(state_dir: &Path) -> PathBuf {
    state_dir.join("control.sock")
}

/// Answers commands until the gate stops. A gate whose socket cannot be made serves nevertheless.
pub(super) fn serve(assembly: &Arc<Assembly>) {
    let path = path(&assembly.config().gate.state_dir);
    let listener = match bind(&path) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(path = %path.display(), %error, "control.sock cannot be used: the gate takes no commands");
            return;
        }
    };
    let assembly = Arc::downgrade(assembly);
    tokio::spawn(async move {
        loop {
            let accepted = listener.accept().await;
            let Some(assembly) = assembly.upgrade() else { return };
            let stream = match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a command cannot be accepted");
                    tokio::time::sleep(ACCEPT_RETRY_DELAY).await;
                    continue;
                }
            };
            tokio::spawn(async move {
                if let Err(error) = handle(&assembly, stream).await {
                    tracing::debug!(%error, "a command was given up");
                }
            });
        }
    });
}

/// The socket is made in a folder that nobody else can enter, and then moved: no stranger can
/// connect at any moment, and it replaces the socket of a gate that was killed.
fn bind(path: &Path) -> io::Result<UnixListener> {
    let folder = path.with_extension(std::process::id().to_string());
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
    let inside = folder.join("s");
    let bound = UnixListener::bind(&inside).and_then(|listener| {
        std::fs::set_permissions(&inside, std::fs::Permissions::from_mode(0o600))?;
        std::fs::rename(&inside, path)?;
        state_file::give_to_owner_of_folder(path)?;
        Ok(listener)
    });
    let _ = std::fs::remove_dir_all(&folder);
    bound
}

async fn handle(assembly: &Assembly, mut stream: UnixStream) -> io::Result<()> {
    let who = who_asks(&stream);
    let (reading, mut writing) = stream.split();
    let mut reading = BufReader::new(reading.take(MAX_REQUEST_BYTES));
    let mut line = String::new();
    timeout(REQUEST_TIMEOUT, reading.read_line(&mut line)).await??;
    let request = match serde_json::from_str(&line) {
        Ok(request) => request,
        Err(error) => {
            let words = format!("not understood: {error}; are gate and command of one version?");
            return write_answer(&mut writing, &ControlAnswer::Refused(words)).await;
        }
    };
    let answer = match request {
        ControlRequest::Sessions { of } => sessions::list(assembly, of.as_deref()).await,
        ControlRequest::EndSessions { of } => sessions::end_all(assembly, &of).await,
        ControlRequest::EndSession { id } => sessions::end_one(assembly, &id).await,
        ControlRequest::Links => ControlAnswer::Links(links::read(assembly).await),
        ControlRequest::Addresses => ControlAnswer::Addresses(addresses(&assembly.config().gate)),
        ControlRequest::Emergency(wish) => emergency::mint(assembly, &wish, who).await,
        ControlRequest::EndEmergency => emergency::end(assembly, who)
            .await
            .map_or_else(|error| ControlAnswer::Refused(error.to_string()), ControlAnswer::Ended),
        ControlRequest::Customers(request) => customers::answer(assembly, request, who).await,
        ControlRequest::Saml(request) => saml::answer(assembly, request, who).await,
        ControlRequest::Trace(request) => trace::answer(assembly, &request),
        ControlRequest::Reload => take_over(assembly).await,
        ControlRequest::TestLogin(request) => {
            tokio::select! {
                answer = test_login::answer(assembly, &request, &mut writing) => answer?,
                // The command was given up, so the link is of no use.
                _ = reading.read_u8() => return Ok(()),
            }
        }
    };
    write_answer(&mut writing, &answer).await
}

/// The Unix user who gives the command. Where the kernel knows who logged in on the machine, it is
/// that user, whatever `sudo` did since (`proc_pid_loginuid(5)`); otherwise the user at the other
/// end of the socket. Under systemd the former needs a unit without `ProtectProc=invisible`.
fn who_asks(stream: &UnixStream) -> Option<u32> {
    let peer = stream.peer_cred().ok()?;
    let login = |pid| std::fs::read_to_string(format!("/proc/{pid}/loginuid")).ok();
    let login = peer.pid().and_then(login).and_then(|uid| uid.trim().parse().ok());
    // All bits set means that nobody logged in: a service gives the command.
    Some(login.filter(|uid| *uid != u32::MAX).unwrap_or_else(|| peer.uid()))
}

async fn write_answer(
    stream: &mut (impl tokio::io::AsyncWrite + Unpin),
    answer: &ControlAnswer,
) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    stream.write_all(&line).await
}

async fn take_over(assembly: &Assembly) -> ControlAnswer {
    let reloaded = reload::reload(assembly).await;
    let keys = |waiting: Vec<&str>| waiting.into_iter().map(str::to_owned).collect();
    reloaded.map_or_else(ControlAnswer::Refused, |waiting| ControlAnswer::Reloaded(keys(waiting)))
}

fn addresses(gate: &GateConfig) -> Vec<SocketAddr> {
    gate.listen.iter().copied().chain(gate.operations_listen).collect()
}
