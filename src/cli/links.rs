//! Prints the list of portals with their substitute links, for people, scripts and spreadsheets.
//! It must not know where the portals come from.

use std::io::{self, Write};

use serde::Serialize;

use super::table;
use crate::domain::{Portal, PortalId, Portals, PublicUrl, Visible, visible_json};

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

/// Writes every portal in the directory's order, gone ones too.
///
/// # Errors
/// When `out` cannot be written to.
pub fn print(
    portals: &Portals,
    public_url: &PublicUrl,
    format: Format,
    out: &mut impl Write,
) -> io::Result<()> {
    let rows = portals.all().iter().map(|portal| Row::new(portal, public_url));
    match format {
        Format::Text => print_text(rows, out),
        Format::Json => print_json(rows, out),
        Format::Csv => print_csv(rows, out),
    }
}

/// One portal as it is listed. The field names are the JSON keys and the CSV header.
#[derive(Serialize)]
struct Row<'a> {
    key: &'a str,
    name: &'a str,
    service_desk_id: &'a str,
    portal_id: Option<u64>,
    mode: &'static str,
    access: &'static str,
    link: String,
    gone: bool,
}

impl<'a> Row<'a> {
    fn new(portal: &'a Portal, public_url: &PublicUrl) -> Self {
        Self {
            key: &portal.project_key,
            name: &portal.name,
            service_desk_id: &portal.service_desk_id,
            portal_id: portal.portal_id.map(PortalId::get),
            mode: portal.mode.as_str(),
            access: portal.access.as_str(),
            link: public_url.join(&format!("/p/{}", portal.link)),
            gone: portal.gone,
        }
    }

    fn cells(&self) -> [String; 7] {
        let gone = if self.gone { "  (gone)" } else { "" };
        [
            self.key.to_owned(),
            self.name.to_owned(),
            self.service_desk_id.to_owned(),
            self.portal_id.map_or_else(|| "unknown".to_owned(), |id| id.to_string()),
            self.mode.to_owned(),
            self.access.to_owned(),
            format!("{}{gone}", self.link),
        ]
    }
}

fn print_text<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut impl Write) -> io::Result<()> {
    let header = ["KEY", "NAME", "DESK", "PORTAL", "MODE", "ACCESS", "LINK"].map(str::to_owned);
    let table: Vec<_> = std::iter::once(header).chain(rows.map(|row| row.cells())).collect();
    if table.len() == 1 {
        return writeln!(out, "no portals: the service account sees no service desk");
    }
    table::print(&table, out)
}

fn print_json<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut impl Write) -> io::Result<()> {
    let list = serde_json::to_string_pretty(&rows.collect::<Vec<_>>())?;
    writeln!(out, "{}", visible_json(&list))
}

fn print_csv<'a>(rows: impl Iterator<Item = Row<'a>>, out: &mut impl Write) -> io::Result<()> {
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
    for row in rows {
        let portal_id = row.portal_id.map(|id| id.to_string()).unwrap_or_default();
        csv.write_record([
            inert(row.key).as_str(),
            inert(row.name).as_str(),
            inert(row.service_desk_id).as_str(),
            &portal_id,
            row.mode,
            row.access,
            &row.link,
            if row.gone { "true" } else { "false" },
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
    use std::num::NonZeroU64;
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Access, LinkName, Mode};

    fn portal(key: &str, name: &str, id: u64) -> Portal {
        Portal {
            service_desk_id: (id + 10).to_string(),
            portal_id: NonZeroU64::new(id).map(PortalId::from),
            project_id: (id + 10_000).to_string(),
            project_key: key.to_owned(),
            former_keys: Vec::new(),
            name: name.to_owned(),
            link: LinkName::parse(&key.to_lowercase()).unwrap(),
            mode: Mode::Forward,
            access: Access::Default,
            allow: Arc::default(),
            deny: Arc::default(),
            demand: Arc::default(),
            provider: None,
            gone: false,
        }
    }

    fn printed(portals: Vec<Portal>, format: Format) -> String {
        let mut out = Vec::new();
        let url = PublicUrl::parse("https://help.example.com").unwrap();
        print(&Portals::new(portals), &url, format, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn three() -> Vec<Portal> {
        let gone = Portal { gone: true, ..portal("OLD", "Büro-Umzug", 7) };
        vec![portal("IT", "IT Help", 2), portal("HR", "People, \"Care\"", 0), gone]
    }

    #[test]
    fn people_get_an_aligned_table() {
        insta::assert_snapshot!(printed(three(), Format::Text), @r#"
        KEY  NAME            DESK  PORTAL   MODE     ACCESS   LINK
        IT   IT Help         12    2        forward  default  https://help.example.com/p/it
        HR   People, "Care"  10    unknown  forward  default  https://help.example.com/p/hr
        OLD  Büro-Umzug      17    7        forward  default  https://help.example.com/p/old  (gone)
        "#);
    }

    #[test]
    fn scripts_get_json() {
        let list: serde_json::Value =
            serde_json::from_str(&printed(three(), Format::Json)).unwrap();
        assert_eq!(list[0]["link"], "https://help.example.com/p/it");
        assert_eq!(list[0]["portal_id"], 2);
        assert!(list[1]["portal_id"].is_null());
        assert_eq!(list[2]["gone"], true);
    }

    #[test]
    fn spreadsheets_get_csv() {
        insta::assert_snapshot!(printed(three(), Format::Csv), @r#"
        key,name,service_desk_id,portal_id,mode,access,link,gone
        IT,IT Help,12,2,forward,default,https://help.example.com/p/it,false
        HR,"People, ""Care""",10,,forward,default,https://help.example.com/p/hr,false
        OLD,Büro-Umzug,17,7,forward,default,https://help.example.com/p/old,true
        "#);
    }

    #[test]
    fn a_projects_name_is_neither_a_formula_nor_a_terminal_command() {
        let hostile = || {
            vec![
                portal("X", "=HYPERLINK(\"https://evil\")", 1),
                portal("Y", "a\u{1b}[2J\u{202e}b", 2),
            ]
        };
        assert!(printed(hostile(), Format::Csv).contains("\"'=HYPERLINK(\"\"https://evil\"\")\""));
        for format in [Format::Text, Format::Json, Format::Csv] {
            assert!(!printed(hostile(), format).contains(['\u{1b}', '\u{202e}']));
        }
    }

    #[test]
    fn no_portals_is_said_in_words() {
        assert!(printed(Vec::new(), Format::Text).starts_with("no portals"));
        assert_eq!(printed(Vec::new(), Format::Json), "[]\n");
    }
}
