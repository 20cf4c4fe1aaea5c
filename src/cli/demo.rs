//! To come.
use std::net::SocketAddr;
use std::process::ExitCode;
pub(super) fn demo(_listen: SocketAddr) -> anyhow::Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
