//! `jsm-gate links`: the list of portals with their substitute links, for people, scripts and
//! spreadsheets.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;

use super::control::ControlClient;
use super::{TheGate, run, service, table};
use crate::config;
use crate::domain::{Visible, visible_json};
use crate::server::control::{self, ControlAnswer, ControlRequest, Links, PortalLine};

/// How the list is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Format {
    /// An aligned table.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// Comma-separated with a header line (RFC 4180), safe to open in a spreadsheet.
    Csv,
}

impl Format {
    /// As asked for on the command line; a table when nothing is.
    pub(super) fn of(json: bool, csv: bool) -> Self {
        match (json, csv) {
            (true, _) => Self::Json,
            (_, true) => Self::Csv,
            _ => Self::Text,
        }
    }
}

/// Prints the portals: as the running gate reads them now. Without one, as JSM tells them.
pub(super) fn links(gate: &TheGate, format: Format) -> anyhow::Result<ExitCode> {
    let Links { portals, problem } = match ControlClient::with(gate)? {
        Some(mut client) => match client.ask(&ControlRequest::Links)? {
            ControlAnswer::Links(links) => links,
            other => bail!("the gate answered something else: {other:?}"),
        },
        None => without_a_gate(&gate.file.config)?,
    };
    if let Some(problem) = problem {
        if portals.is_empty() {
            bail!("cannot read the portals from JSM: {problem}");
        }
        eprintln!(
            "jsm-gate: these are the portals as last seen; JSM says now: {}",
            Visible(&problem)
        );
    }
    let mut text = Vec::new();
    print(&portals, format, &mut text)?;
    io::stdout().lock().write_all(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn without_a_gate(file: &Path) -> anyhow::Result<Links> {
    let loaded = match config::inspect(file)?.complete() {
        Ok(loaded) => loaded,
        Err(inspected) => return Err(service::needed(file, &inspected)),
    };
    let directory = run::directory(&loaded.config)?;
    let read = run::runtime()?.block_on(directory.refresh());
    let problem = read.err().map(|error| error.to_string());
    Ok(Links { portals: control::lines(&directory, &loaded.config), problem })
}

/// Writes every portal in the directory's order, gone ones too.
fn print(portals: &[PortalLine], format: Format, out: &mut impl Write) -> io::Result<()> {
    match format {
        Format::Text => print_text(portals, out),
        Format::Json => print_json(portals, out),
        Format::Csv => print_csv(portals, out),
    }
}

fn cells(portal: &PortalLine) -> [String; 7] {
    let gone = if portal.gone { "  (gone)" } else { "" };
    [
        portal.key.clone(),
        portal.name.clone(),
        portal.service_desk_id.clone(),
        portal.portal_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string()),
        portal.mode.clone(),
        portal.access.clone(),
        format!("{}{gone}", portal.link),
    ]
}

fn print_text(portals: &[PortalLine], out: &mut impl Write) -> io::Result<()> {
    let header = ["KEY", "NAME", "DESK", "PORTAL", "MODE", "ACCESS", "LINK"].map(str::to_owned);
    let table: Vec<_> = std::iter::once(header).chain(portals.iter().map(cells)).collect();
    if table.len() == 1 {
        return writeln!(out, "no portals: the service account sees no service desk");
    }
    table::print(&table, out)
}

fn print_json(portals: &[PortalLine], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", visible_json(&serde_json::to_string_pretty(portals)?))
}

fn print_csv(portals: &[PortalLine], out: &mut impl Write) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "key",
        "name",
        "service_desk_id",
        "portal_id",
        "mode",
        "access",
        "link",
        "gone",
    ])?;
    for portal in portals {
        let portal_id = portal.portal_id.map(|id| id.to_string()).unwrap_or_default();
        csv.write_record([
            inert(&portal.key).as_str(),
            inert(&portal.name).as_str(),
            inert(&portal.service_desk_id).as_str(),
            &portal_id,
            &portal.mode,
            &portal.access,
            &portal.link,
            if portal.gone { "true" } else { "false" },
        ])?;
    }
    csv.flush()
}

/// Whoever names a project must not run a formula in the reader's spreadsheet (OWASP "CSV
/// Injection"): a leading apostrophe makes it text.
fn inert(text: &str) -> String {
    let text = Visible(text).to_string();
    if text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(key: &str, name: &str, id: u64) -> PortalLine {
        PortalLine {
            key: key.to_owned(),
            name: name.to_owned(),
            service_desk_id: (id + 10).to_string(),
            portal_id: Some(id).filter(|id| *id > 0),
            mode: "forward".to_owned(),
            access: "default".to_owned(),
            link: format!("https://help.example.com/p/{}", key.to_lowercase()),
            gone: false,
        }
    }

    fn printed(portals: &[PortalLine], format: Format) -> String {
        let mut out = Vec::new();
        print(portals, format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn three() -> Vec<PortalLine> {
        let gone = PortalLine { gone: true, ..portal("OLD", "Büro-Umzug", 7) };
        vec![portal("IT", "IT Help", 2), portal("HR", "People, \"Care\"", 0), gone]
    }

    #[test]
    fn people_get_an_aligned_table() {
        insta::assert_snapshot!(printed(&three(), Format::Text), @r#"
        KEY  NAME            DESK  PORTAL   MODE     ACCESS   LINK
        IT   IT Help         12    2        forward  default  https://help.example.com/p/it
        HR   People, "Care"  10    unknown  forward  default  https://help.example.com/p/hr
        OLD  Büro-Umzug      17    7        forward  default  https://help.example.com/p/old  (gone)
        "#);
    }

    #[test]
    fn scripts_get_json() {
        let list: serde_json::Value =
            serde_json::from_str(&printed(&three(), Format::Json)).unwrap();
        assert_eq!(list[0]["link"], "https://help.example.com/p/it");
        assert_eq!(list[0]["portal_id"], 2);
        assert!(list[1]["portal_id"].is_null());
        assert_eq!(list[2]["gone"], true);
    }

    #[test]
    fn spreadsheets_get_csv() {
        insta::assert_snapshot!(printed(&three(), Format::Csv), @r#"
        key,name,service_desk_id,portal_id,mode,access,link,gone
        IT,IT Help,12,2,forward,default,https://help.example.com/p/it,false
        HR,"People, ""Care""",10,,forward,default,https://help.example.com/p/hr,false
        OLD,Büro-Umzug,17,7,forward,default,https://help.example.com/p/old,true
        "#);
    }

    #[test]
    fn a_projects_name_is_neither_a_formula_nor_a_terminal_command() {
        let hostile =
            [portal("X", "=HYPERLINK(\"https://evil\")", 1), portal("Y", "a\u{1b}[2J\u{202e}b", 2)];
        assert!(printed(&hostile, Format::Csv).contains("\"'=HYPERLINK(\"\"https://evil\"\")\""));
        for format in [Format::Text, Format::Json, Format::Csv] {
            assert!(!printed(&hostile, format).contains(['\u{1b}', '\u{202e}']));
        }
    }

    #[test]
    fn no_portals_is_said_in_words() {
        assert!(printed(&[], Format::Text).starts_with("no portals"));
        assert_eq!(printed(&[], Format::Json), "[]\n");
    }
}
