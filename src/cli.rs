//! The commands: what each does and the exit status it ends with. Knows nothing of requests.

mod certificate;
mod check;
mod control;
mod customers;
mod decisions;
#[cfg(feature = "demo")]
mod demo;
mod emergency;
mod gates_user;
mod identity;
mod jira_login;
pub mod links;
mod machine;
mod modes;
mod request_types;
mod rights;
mod run;
mod saml;
mod service;
mod service_providers;
mod table;
mod test_login;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, ConfigErrors, Inspected, LogFormat};
use crate::domain::Visible;
use crate::telemetry::{self, LogWriting};

/// Exit status for a bad configuration: `EX_CONFIG` of sysexits.h, which systemd's
/// `RestartPreventExitStatus` can name so that a mistake is not retried for ever.
const BAD_CONFIGURATION: u8 = 78;

/// What commands log that are not the gate: their answer is on standard output.
const QUIET: &str = "warn";

/// A login gate in front of Jira Service Management customer portals.
///
/// Customers open a substitute link, log in with their organisation's OpenID Connect provider, and
/// land on the portal page the link names.
#[derive(Debug, Parser)]
#[command(
    version,
    propagate_version = true,
    after_help = "Try it out, with nothing to set up:\n  jsm-gate demo"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Say more in the log: -v for debug, -vv for trace. `RUST_LOG` says it in detail
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,

    /// How log lines are written; the configuration's `[log] format` if left out
    #[arg(long, global = true, value_enum)]
    log_format: Option<LogFormat>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the gate
    #[command(after_help = "Example:\n  jsm-gate run --config /etc/jsm-gate/proxy.toml")]
    Run(ConfigFile),
    /// Have the running gate take over its file, and say what is wrong with it
    #[command(
        after_help = "Example:\n  sudo -u jsm-gate jsm-gate reload --config /etc/jsm-gate/proxy.toml"
    )]
    Reload(TheGate),
    /// Check the configuration, the providers, the JSM token and every portal
    #[command(
        after_help = "Examples:\n  jsm-gate check\n  jsm-gate check --offline            # the file and this machine\n  jsm-gate check --json | jq '.[] | select(.level != \"ok\")'\n  jsm-gate check --as ann@example.com --groups staff,admins"
    )]
    Check {
        #[command(flatten)]
        file: ConfigFile,
        /// Look at the file and this machine; ask nobody, and read no secret that only the gate has
        #[arg(long)]
        offline: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        person: decisions::Person,
    },
    /// Log in once at a provider and show everything it says and what that opens
    #[command(
        name = "test-login",
        after_help = "Examples:\n  jsm-gate test-login okta\n  jsm-gate test-login okta --service-provider atlassian\n  sudo -u jsm-gate jsm-gate test-login okta --config /etc/jsm-gate/proxy.toml"
    )]
    TestLogin {
        /// The id of the provider
        provider: String,
        /// Show what this SAML service provider would be told, and judge it as it would
        #[arg(long, value_name = "ID")]
        service_provider: Option<String>,
        #[command(flatten)]
        gate: TheGate,
    },
    /// List or end the sessions of the running gate
    #[command(
        after_help = "Examples:\n  jsm-gate sessions list\n  jsm-gate sessions end ann@example.com\n  jsm-gate sessions end --session 5e1f0c7a"
    )]
    Sessions {
        #[command(subcommand)]
        command: control::SessionsCommand,
        #[command(flatten)]
        gate: TheGate,
    },
    /// List or change which account in JSM a person's login opens
    #[command(
        after_help = "Examples:\n  jsm-gate customers list\n  jsm-gate customers bind ann@example.com 5b10ac8d82e05b22cc7d4ef5\n  jsm-gate customers unbind ann@example.com\n  jsm-gate customers move --from okta --to entra\n  jsm-gate customers forget ann@example.com"
    )]
    Customers {
        #[command(subcommand)]
        command: customers::CustomersCommand,
        #[command(flatten)]
        gate: TheGate,
    },
    /// What a SAML service provider has to be told of the gate, the key that signs, and what was exchanged
    #[command(
        after_help = "Examples:\n  jsm-gate saml values atlassian\n  jsm-gate saml rotate atlassian            # the next certificate, to be pasted\n  jsm-gate saml rotate atlassian --switch   # at the moment when it is pasted\n  jsm-gate saml rotate atlassian --undo\n  jsm-gate saml trace atlassian             # why somebody did not get in\n  jsm-gate saml jira --apply                # Jira Data Center's own login, after a look at what changes"
    )]
    Saml {
        #[command(subcommand)]
        command: saml::SamlCommand,
        #[command(flatten)]
        gate: TheGate,
    },
    /// Let somebody in while a provider is down, by a link that opens once
    #[command(
        after_help = "Examples:\n  jsm-gate emergency --for ann@example.com --portals it,hr --minutes 30 --reason \"INC-123: provider down\"\n  jsm-gate emergency --end"
    )]
    Emergency {
        #[command(flatten)]
        wanted: emergency::Wanted,
        #[command(flatten)]
        gate: TheGate,
    },
    /// List every portal with its substitute link
    #[command(after_help = "Examples:\n  jsm-gate links\n  jsm-gate links --csv > links.csv")]
    Links {
        #[command(flatten)]
        gate: TheGate,
        /// Print JSON
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// Print CSV
        #[arg(long)]
        csv: bool,
    },
    /// Run a provider, a JSM and the gate on this machine, to try things out
    #[cfg(feature = "demo")]
    #[command(after_help = "Example:\n  jsm-gate demo --listen 127.0.0.1:9443")]
    Demo {
        /// Where the gate listens
        #[arg(long, default_value = "127.0.0.1:8443")]
        listen: std::net::SocketAddr,
    },
    /// Print the JSON schema of the configuration, for editors
    #[command(after_help = "Example:\n  jsm-gate schema > proxy.schema.json")]
    Schema,
    /// Print a new random secret
    #[command(after_help = "Example:\n  (umask 077; jsm-gate secret > secrets/session)")]
    Secret,
}

#[derive(Args, Debug)]
struct ConfigFile {
    /// The configuration file
    #[arg(long, global = true, default_value = "proxy.toml", value_name = "FILE")]
    config: PathBuf,
}

/// The running gate. It is found without reading more of the file than where its socket is.
#[derive(Args, Debug)]
struct TheGate {
    #[command(flatten)]
    file: ConfigFile,
    /// Its control.sock; the one in the `state_dir` of the configuration file when left out
    #[arg(long, global = true, value_name = "FILE")]
    socket: Option<PathBuf>,
}

/// Runs the command line and returns the exit status: 0 done, 1 failed, 2 bad usage, 78 bad
/// configuration.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // pingora takes ring; one provider for the whole process. Fails only when already installed.
    drop(rustls::crypto::ring::default_provider().install_default());
    run(&cli).unwrap_or_else(|error| match error.downcast_ref::<ConfigErrors>() {
        Some(errors) => {
            let terminal = std::io::stderr().is_terminal();
            eprintln!("{}", if terminal { errors.coloured() } else { errors.to_string() });
            ExitCode::from(BAD_CONFIGURATION)
        }
        // `jsm-gate links | head` has what it wanted.
        None if is_broken_pipe(&error) => ExitCode::SUCCESS,
        None => {
            // JSM's and the providers' words may be in it.
            eprintln!("jsm-gate: {}", Visible(&said(&error)));
            ExitCode::FAILURE
        }
    })
}

fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Run(file) => {
            let loaded = config::load(&file.config)?;
            let log = &loaded.config.log;
            start_logging(cli, log.format, &log.level, LogWriting::Queued);
            let ended = run::run(loaded, &file.config);
            telemetry::flush_log();
            ended
        }
        Command::Check { file, offline, json, person } => {
            let user = gates_user::become_it(&file.config)?;
            let inspected = inspect(cli, file)?;
            if person.email.is_some() {
                return decisions::check(inspected, person, *offline, *json);
            }
            let asked = check::Asked { file: &file.config, user, offline: *offline };
            check::check(&asked, inspected, *json)
        }
        Command::TestLogin { provider, service_provider, gate } => {
            start_logging(cli, LogFormat::Text, QUIET, LogWriting::AtOnce);
            test_login::test_login(gate, provider, service_provider.as_deref())
        }
        Command::Reload(gate) => control::reload(gate),
        Command::Sessions { command, gate } => control::sessions(gate, command),
        Command::Customers { command, gate } => customers::customers(gate, command),
        Command::Saml { command, gate } => saml::saml(gate, command),
        Command::Emergency { wanted, gate } => emergency::emergency(gate, wanted),
        Command::Links { gate, json, csv } => {
            start_logging(cli, LogFormat::Text, QUIET, LogWriting::AtOnce);
            links::links(gate, links::Format::of(*json, *csv))
        }
        #[cfg(feature = "demo")]
        Command::Demo { listen } => {
            start_logging(cli, LogFormat::Text, QUIET, LogWriting::AtOnce);
            demo::demo(*listen)
        }
        Command::Schema => print(&format!("{:#}", config::schema())),
        Command::Secret => print(&config::new_secret()),
    }
}

/// Looks at the configuration, or says everything that is wrong with it.
fn inspect(cli: &Cli, file: &ConfigFile) -> Result<Inspected, ConfigErrors> {
    let inspected = config::inspect(&file.config)?;
    start_logging(cli, inspected.config().log.format, QUIET, LogWriting::AtOnce);
    Ok(inspected)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let broken = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(broken))
}

/// The error with its causes, none of them twice: many name their cause themselves.
fn said(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |said, cause| {
        let cause = cause.to_string();
        match said.as_str() {
            "" => cause,
            _ if said.contains(&cause) => said,
            _ => format!("{said}: {cause}"),
        }
    })
}

fn start_logging(cli: &Cli, format: LogFormat, level: &str, writing: LogWriting) {
    let level = match cli.verbose {
        0 => level,
        1 => "debug",
        _ => "trace",
    };
    telemetry::start_logging(cli.log_format.unwrap_or(format), level, writing);
}

fn print(text: &str) -> anyhow::Result<ExitCode> {
    use std::io::Write as _;
    writeln!(std::io::stdout(), "{text}")?;
    Ok(ExitCode::SUCCESS)
}
