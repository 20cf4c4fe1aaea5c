//! Lists of requests as CSV (RFC 4180): the same as the page, without its pages.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use fluent_bundle::FluentArgs;
use http::{HeaderValue, header};

use super::HostedState;
use super::list::{Filter, List};
use super::visit::Visit;
use super::visit_to_all::VisitToAll;
use crate::jsm::requests::{RequestRow, Search};
use crate::problem::Problem;

/// So many rows are in a file at most.
const MOST_ROWS: usize = 1000;
/// Rows that JSM is asked for at once.
const ROWS_AT_ONCE: usize = 100;
const COLUMNS: [&str; 7] =
    ["csv-key", "csv-summary", "csv-type", "csv-status", "csv-made", "csv-updated", "csv-portal"];

/// `GET /p/{link}/requests.csv`
pub(super) async fn of_portal(
    State(state): State<HostedState>,
    visit: Visit,
    filter: Filter,
) -> Response {
    answer(&state, &List::of_portal(visit, filter)).await
}

/// `GET /_gate/requests.csv`
pub(super) async fn of_all(
    State(state): State<HostedState>,
    visit: VisitToAll,
    filter: Filter,
) -> Response {
    answer(&state, &List::of_all(visit, filter)).await
}

async fn answer(state: &HostedState, list: &List) -> Response {
    let rows = rows(state, list).await;
    match rows.and_then(|rows| csv(state, list, &rows).ok_or(Problem::Internal)) {
        Ok(text) => as_file(text),
        Err(problem) => state.pages.tell(&problem, &list.caller),
    }
}

/// All pages of the list, up to a limit. A file could not say which portals are left out.
async fn rows(state: &HostedState, list: &List) -> Result<Vec<RequestRow>, Problem> {
    if !list.is_whole() {
        return Err(Problem::CustomersUnavailable);
    }
    let mut search = Search { page: None, rows: ROWS_AT_ONCE, ..list.search() };
    let mut rows = Vec::new();
    while rows.len() < MOST_ROWS {
        let page = list.read(state, search.clone()).await?;
        rows.extend(page.rows.iter().cloned());
        search.page.clone_from(&page.next);
        if search.page.is_none() {
            break;
        }
    }
    rows.truncate(MOST_ROWS);
    Ok(rows)
}

fn csv(state: &HostedState, list: &List, rows: &[RequestRow]) -> Option<String> {
    let catalogue = state.pages.catalogue(list.caller.preferences.language);
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(COLUMNS.map(|name| catalogue.say_or_name(name, &FluentArgs::new()))).ok()?;
    for row in rows {
        let (created, updated) = (row.created.to_string(), row.updated.to_string());
        let portal = list.portal_of(row).map_or("", |portal| portal.name.as_str());
        let cells = [
            row.key.as_str(),
            &row.summary,
            &row.type_name,
            &row.status.name,
            &created,
            &updated,
            portal,
        ];
        csv.write_record(cells.map(defused)).ok()?;
    }
    String::from_utf8(csv.into_inner().ok()?).ok()
}

/// A cell that a spreadsheet reads as a text and not as a formula (docs/security.md P15).
fn defused(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if is_formula { format!("'{cell}") } else { cell.to_owned() }
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
    #[case("\t=1", "'\t=1")]
    #[case("\r=1", "'\r=1")]
    #[case("a=1", "a=1")]
    fn p15_a_formula_is_a_text(#[case] cell: &str, #[case] written: &str) {
        assert_eq!(defused(cell), written);
    }
}
