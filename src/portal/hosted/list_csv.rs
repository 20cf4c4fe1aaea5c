//! Lists of requests as CSV (RFC 4180): the same as the page, without its pages.

use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::{HeaderValue, header};

use super::list::List;
use super::list_columns::Column;
use super::visit::Visit;
use super::visit_to_all::VisitToAll;
use super::{HostedState, shown_fields, views};
use crate::domain::ShownField;
use crate::jsm::requests::{RequestRow, Search};
use crate::problem::Problem;

/// So many rows are in a file at most.
const MOST_ROWS: usize = 1000;
/// Rows that JSM is asked for at once.
const ROWS_AT_ONCE: usize = 100;
/// Pages of JSM's that are read for one file at most, however few rows of them are left (docs/security.md P26).
const MOST_PAGES: usize = 50;

/// A column of the file: the name of its heading, and what it is of. Without a column of the list it is there
/// always.
const COLUMNS: [(&str, Option<Column>); 11] = [
    ("csv-key", None),
    ("csv-summary", None),
    ("csv-type", Some(Column::Type)),
    ("csv-status", None),
    ("csv-by", Some(Column::By)),
    ("csv-made", Some(Column::Made)),
    ("csv-updated", Some(Column::Updated)),
    ("csv-portal", None),
    ("shown-priority", Some(Column::Shown(ShownField::Priority))),
    ("shown-assignee", Some(Column::Shown(ShownField::Assignee))),
    ("request-slas", Some(Column::Shown(ShownField::Sla))),
];

/// `GET /p/{link}/requests.csv`
pub(super) async fn of_portal(
    State(state): State<HostedState>,
    visit: Visit,
    filter: RawQuery,
) -> Response {
    answer(&state, &List::of_portal(&state, visit, filter)).await
}

/// `GET /_gate/requests.csv`
pub(super) async fn of_all(
    State(state): State<HostedState>,
    visit: VisitToAll,
    filter: RawQuery,
) -> Response {
    answer(&state, &List::of_all(&state, visit, filter)).await
}

async fn answer(state: &HostedState, list: &List) -> Response {
    let rows = rows(state, list).await;
    match rows.and_then(|rows| csv(state, list, &rows).ok_or(Problem::Internal)) {
        Ok(text) => as_file(text),
        Err(problem) => state.pages.tell(&problem, &list.visit.caller),
    }
}

/// All pages of the list, up to a limit. A file could not say which portals are left out.
async fn rows(state: &HostedState, list: &List) -> Result<Vec<RequestRow>, Problem> {
    if !list.is_whole() {
        return Err(Problem::CustomersUnavailable);
    }
    let mut search = Search { page: None, rows: ROWS_AT_ONCE, ..list.search() };
    let mut rows = Vec::new();
    for _ in 0..MOST_PAGES {
        let page = list.read(state, search.clone()).await?;
        rows.extend(page.rows.iter().cloned());
        search.page.clone_from(&page.next);
        if search.page.is_none() || rows.len() >= MOST_ROWS {
            break;
        }
    }
    rows.truncate(MOST_ROWS);
    Ok(rows)
}

fn csv(state: &HostedState, list: &List, rows: &[RequestRow]) -> Option<String> {
    let catalogue = state.pages.catalogue(list.visit.caller.preferences.language);
    let is_shown = |of: Option<Column>| of.is_none_or(|column| list.columns.has(column));
    let shown: Vec<_> = COLUMNS.into_iter().filter(|(_, of)| is_shown(*of)).collect();
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(shown.iter().map(|&(name, _)| catalogue.plain(name))).ok()?;
    for row in rows {
        let cells = shown.iter().map(|&(name, _)| cell(state, list, row, name));
        csv.write_record(cells.map(|cell| defused(&cell))).ok()?;
    }
    String::from_utf8(csv.into_inner().ok()?).ok()
}

/// What a request has in the column with this heading.
fn cell(state: &HostedState, list: &List, row: &RequestRow, name: &str) -> String {
    match name {
        "csv-key" => row.key.to_string(),
        "csv-summary" => row.summary.clone(),
        "csv-type" => row.type_name.clone(),
        "csv-status" => row.status.name.clone(),
        "csv-by" => views::name(&row.reporter.name).to_owned(),
        "csv-made" => row.created.to_string(),
        "csv-updated" => row.updated.to_string(),
        "csv-portal" => list.portal_of(row).map(|portal| portal.name.clone()).unwrap_or_default(),
        "shown-priority" => row.priority.clone().unwrap_or_default(),
        "shown-assignee" => row.assignee.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
        _ => {
            let reader = &list.visit.caller.preferences;
            let (catalogue, times) = (state.pages.catalogue(reader.language), state.times(reader));
            let said = row.slas.iter().filter_map(|sla| shown_fields::say(sla, &times, catalogue));
            said.collect::<Vec<_>>().join("; ")
        }
    }
}

/// A cell that a spreadsheet reads as a text and not as a formula (docs/security.md P15). Where semicolons or
/// tabs separate cells, as in much of Europe, a text goes on in another cell behind one; quotation marks do not
/// keep it together there.
fn defused(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len() + 1);
    let mut begins = true;
    for (at, sign) in cell.char_indices() {
        if (begins && acts(sign)) || (at == 0 && separates(sign)) {
            text.push('\'');
        }
        text.push(sign);
        begins = separates(sign) || (begins && (sign.is_whitespace() || sign == '"'));
    }
    text
}

/// Whether a formula begins with it. Japanese spreadsheets take the wide signs as well
/// (owasp.org, "CSV Injection").
fn acts(sign: char) -> bool {
    matches!(sign, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

/// Whether some spreadsheet begins a cell behind it.
fn separates(sign: char) -> bool {
    matches!(sign, ';' | '\t' | '\r' | '\n')
}

fn as_file(text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let saved = HeaderValue::from_static("attachment; filename=\"requests.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, saved);
    response
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("=1+1", "'=1+1")]
    #[case("+49 30", "'+49 30")]
    #[case("-1", "'-1")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("\t=1", "'\t'=1")]
    #[case("\r=1", "'\r'=1")]
    #[case("\n=1", "'\n'=1")]
    #[case(" =1", " '=1")]
    #[case("＝1+1", "'＝1+1")]
    #[case("＠SUM(A1)", "'＠SUM(A1)")]
    #[case("dark;=1+1;", "dark;'=1+1;")]
    #[case("dark; \"=1+1", "dark; \"'=1+1")]
    #[case("dark\t@SUM(A1)", "dark\t'@SUM(A1)")]
    #[case("a=1; b - c", "a=1; b - c")]
    #[case("a=1", "a=1")]
    fn p15_a_formula_is_a_text(#[case] cell: &str, #[case] written: &str) {
        assert_eq!(defused(cell), written);
    }
}
