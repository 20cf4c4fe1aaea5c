//! The `jsm-gate` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    jsm_gate::cli::main()
}
