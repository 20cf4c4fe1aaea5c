//! `jsm-gate saml trace`: what was exchanged lately with a service provider. Must not know what is remembered, or
//! for how long.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use crate::cli::control::ControlClient;
use crate::cli::{TheGate, table};
use crate::domain::{Visible, visible_json};
use crate::server::control::{ControlAnswer, ControlRequest, TraceRequest};
use crate::sso::{Exchange, Told};

/// What to show.
#[derive(Args, Debug)]
pub(in crate::cli) struct Wanted {
    /// The id of the service provider
    id: String,
    /// Show names, addresses and attributes of people in full
    #[arg(long)]
    unmasked: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Prints the exchanges, the oldest first.
pub(super) fn trace(gate: &TheGate, wanted: &Wanted) -> anyhow::Result<ExitCode> {
    let Wanted { id, unmasked, json } = wanted;
    let request = TraceRequest { id: id.clone(), unmasked: *unmasked };
    let mut client = ControlClient::surely_with(gate)?;
    let exchanges = match client.ask(&ControlRequest::Trace(request))? {
        ControlAnswer::Trace(exchanges) => exchanges,
        other => bail!("the gate answered something else: {other:?}"),
    };
    if *unmasked {
        eprintln!("jsm-gate: this is about people: pass it on to nobody who may not know it");
    }
    let mut text = Vec::new();
    if *json {
        writeln!(text, "{}", visible_json(&serde_json::to_string_pretty(&exchanges)?))?;
    } else if exchanges.is_empty() {
        writeln!(text, "Nothing was exchanged with {id} since the gate was started.")?;
    } else {
        for exchange in &exchanges {
            print(exchange, &mut text)?;
        }
    }
    io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn print(exchange: &Exchange, out: &mut impl Write) -> io::Result<()> {
    let Exchange { at, request, outcome, who, .. } = exchange;
    let who = who.as_ref().map_or_else(
        || "nobody who is logged in".to_owned(),
        |[label, provider, subject]| format!("{label} (provider {provider}, subject {subject})"),
    );
    writeln!(out, "{}  {outcome}  {}", table::time(*at), Visible(&who))?;
    for (name, value) in details(exchange) {
        writeln!(out, "  {:<12} {}", Visible(&name), Visible(&value))?;
    }
    writeln!(out, "  {:<12} {request}\n", "request id")
}

fn details(exchange: &Exchange) -> Vec<(String, String)> {
    let Exchange { reason, saml_request, demands, relay_state_bytes, acs, told, .. } = exchange;
    let told = told.iter().flat_map(of_person);
    [
        ("why", reason.clone()),
        ("answers", saml_request.clone()),
        ("demands", (!demands.is_empty()).then(|| demands.join(", "))),
        ("RelayState", relay_state_bytes.map(|bytes| format!("{bytes} bytes"))),
        ("posted to", acs.clone()),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
    .chain(told)
    .collect()
}

fn of_person(told: &Told) -> Vec<(String, String)> {
    let Told { name_id, format, attributes, certificate } = told;
    let attributes = attributes.iter().map(|(name, values)| (name.clone(), values.join(", ")));
    [("NameID", format!("{name_id} ({format})")), ("certificate", format!("SHA-256 {certificate}"))]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(attributes)
        .collect()
}
