//! Which requests a query finds: what the fields of JQL mean.

use std::cmp::Ordering;

use super::super::data::requests::CustomerRequest;
use super::super::moment::Moment;
use super::super::state::State as Kept;
use super::jql::{Expression, Operand, Query};
use super::{dates, html};

/// A query that can be asked, since its fields and values exist.
pub(super) struct Matching<'a> {
    pub(super) state: &'a Kept,
    pub(super) me: &'a str,
    pub(super) now: Moment,
}

type Found = Result<bool, String>;

impl Matching<'_> {
    /// What of `all` the query finds, in its order.
    pub(super) fn find<'r>(
        &self,
        query: &Query,
        all: &[&'r CustomerRequest],
    ) -> Result<Vec<&'r CustomerRequest>, String> {
        let mut found = Vec::new();
        for &request in all {
            if query.filter.as_ref().map_or(Ok(true), |filter| self.holds(filter, request))? {
                found.push(request);
            }
        }
        for (field, descending) in query.order.iter().rev() {
            let compare = ordering(field)?;
            found.sort_by(|a, b| if *descending { compare(b, a) } else { compare(a, b) });
        }
        if query.order.is_empty() {
            found.sort_by_key(|it| std::cmp::Reverse(it.created));
        }
        Ok(found)
    }

    /// Every part is looked at, so that what does not exist is refused wherever it stands.
    fn holds(&self, expression: &Expression, request: &CustomerRequest) -> Found {
        let all = |parts: &[Expression]| -> Result<Vec<bool>, String> {
            parts.iter().map(|part| self.holds(part, request)).collect()
        };
        match expression {
            Expression::All(parts) => Ok(all(parts)?.into_iter().all(|it| it)),
            Expression::Any(parts) => Ok(all(parts)?.into_iter().any(|it| it)),
            Expression::Not(part) => Ok(!self.holds(part, request)?),
            Expression::Clause { field, operator, values } => {
                self.clause(field, operator, values, request)
            }
        }
    }

    fn clause(
        &self,
        field: &str,
        operator: &str,
        values: &[Operand],
        request: &CustomerRequest,
    ) -> Found {
        let positive = match operator {
            "=" | "in" | "is" | "~" | "<" | "<=" | ">" | ">=" => true,
            "!=" | "not in" | "not is" | "!~" => false,
            other => return Err(format!("The operator '{other}' is not supported.")),
        };
        let mut any = false;
        for value in values {
            any |= match (operator.trim_start_matches('!'), field) {
                ("~", _) => Self::contains(field, value, request)?,
                ("<" | "<=" | ">" | ">=", _) => self.compares(field, operator, value, request)?,
                (_, "created" | "updated") => self.compares(field, "=", value, request)?,
                _ => self.equals(field, value, request)?,
            };
        }
        Ok(any == positive)
    }

    fn equals(&self, field: &str, value: &Operand, request: &CustomerRequest) -> Found {
        let first = self.state.first_field;
        let people = |ids: &[String]| self.people(field, value, ids);
        match field {
            "project" => self.project(value, request),
            "reporter" => people(request.reporter.as_slice()),
            "creator" => people(std::slice::from_ref(&request.creator)),
            "key" | "issuekey" | "issue" | "id" => self.key(value, request),
            "statuscategory" => category(value, request),
            "status" => Ok(text(value) == request.status.internal()),
            "resolution" => resolution(value, request),
            _ if field == format!("cf[{first}]") => Ok(request_type(value, request)),
            _ if field == format!("cf[{}]", first + 1) => self.organization(value, request),
            _ if field == format!("cf[{}]", first + 2) => people(&request.participants),
            _ if field == format!("cf[{}]", first + 3) => self.approval(value, request),
            _ => Err(no_field(field)),
        }
    }

    fn people(&self, field: &str, value: &Operand, ids: &[String]) -> Found {
        match value {
            Operand::Empty => Ok(ids.is_empty()),
            Operand::Call(name, _) if name == "currentuser" => {
                Ok(ids.iter().any(|id| id == self.me))
            }
            Operand::Text(id) if self.state.people.account(id).is_some() => Ok(ids.contains(id)),
            _ => Err(no_value(&text(value), field)),
        }
    }

    fn project(&self, value: &Operand, request: &CustomerRequest) -> Found {
        let name = text(value);
        let fits = |desk: &&super::super::desk::Desk| {
            desk.key.eq_ignore_ascii_case(&name)
                || desk.name.eq_ignore_ascii_case(&name)
                || desk.project_id.to_string() == name
        };
        let desk = self.state.desks.iter().find(fits);
        let desk = desk.ok_or_else(|| no_value(&name, "project"))?;
        Ok(desk.portal_id == request.portal_id)
    }

    fn key(&self, value: &Operand, request: &CustomerRequest) -> Found {
        let name = text(value);
        let fits = |it: &CustomerRequest| {
            it.key.eq_ignore_ascii_case(&name) || it.issue_id.to_string() == name
        };
        if self.state.requests.iter().any(fits) {
            return Ok(fits(request));
        }
        Err(format!("An issue with key '{name}' does not exist for field 'key'."))
    }

    /// By name; there is no known way by id.
    fn organization(&self, value: &Operand, request: &CustomerRequest) -> Found {
        if *value == Operand::Empty {
            return Ok(request.organizations.is_empty());
        }
        let name = text(value);
        let there = self.state.people.organizations.iter().find(|it| it.name == name);
        let there = there.ok_or_else(|| no_value(&name, "organizations"))?;
        Ok(request.organizations.contains(&there.id))
    }

    fn approval(&self, value: &Operand, request: &CustomerRequest) -> Found {
        let (name, arguments) = match value {
            Operand::Call(name, arguments) => (name.as_str(), arguments.as_slice()),
            _ => return Err(no_value(&text(value), "approvals")),
        };
        let own = [self.me.to_owned()];
        let (decision, approvers) = match name {
            "pending" => (Some("pending"), None),
            "approved" => (Some("approved"), None),
            "approver" => (None, Some(arguments)),
            "pendingby" => (Some("pending"), Some(arguments)),
            "mypending" => (Some("pending"), Some(own.as_slice())),
            "myapproval" => (None, Some(own.as_slice())),
            _ => return Err(format!("Unable to find JQL function '{name}()'.")),
        };
        Ok(request.approvals.iter().any(|it| {
            let asked = |ids: &[String]| ids.iter().any(|id| it.approvers.contains(id));
            decision.is_none_or(|word| it.decision == word) && approvers.is_none_or(asked)
        }))
    }

    /// Every word begins a word of the text. `text` also looks into internal comments, as in Jira.
    fn contains(field: &str, value: &Operand, request: &CustomerRequest) -> Found {
        let said = request
            .comments
            .iter()
            .map(|it| it.document.as_ref().map_or_else(|| it.body.clone(), html::text_of));
        let whole = match field {
            "summary" => request.summary.clone(),
            "description" => request.description.clone(),
            "comment" => said.collect::<Vec<_>>().join(" "),
            "text" => {
                let said = said.collect::<Vec<_>>().join(" ");
                format!("{} {} {said}", request.summary, request.description)
            }
            _ => return Err(no_field(field)),
        };
        let split = |text: &str| -> Vec<String> {
            let lower = text.to_lowercase();
            let words = lower.split(|it: char| !it.is_alphanumeric());
            words.filter(|it| !it.is_empty()).map(str::to_owned).collect()
        };
        let (whole, sought) = (split(&whole), split(&text(value)));
        Ok(sought.iter().all(|word| whole.iter().any(|it| it.starts_with(word))))
    }

    fn compares(
        &self,
        field: &str,
        operator: &str,
        value: &Operand,
        request: &CustomerRequest,
    ) -> Found {
        let at = match field {
            "created" => request.created,
            "updated" => request.updated,
            _ => return Err(no_field(field)),
        };
        let than = dates::moment(&text(value), self.now).ok_or_else(|| {
            let name = text(value);
            format!("Date value '{name}' for field '{field}' is invalid.")
        })?;
        Ok(match operator {
            "<" => at < than,
            "<=" => at <= than,
            ">" => at > than,
            ">=" => at >= than,
            _ => at == than,
        })
    }
}

fn text(value: &Operand) -> String {
    match value {
        Operand::Text(text) => text.clone(),
        Operand::Empty => String::new(),
        Operand::Call(name, _) => format!("{name}()"),
    }
}

fn request_type(value: &Operand, request: &CustomerRequest) -> bool {
    if *value == Operand::Empty {
        return request.type_id.is_none();
    }
    let id = request.type_id.map(|id| id.to_string());
    text(value).eq_ignore_ascii_case(&request.type_name) || id == Some(text(value))
}

fn category(value: &Operand, request: &CustomerRequest) -> Found {
    let (id, key, name) = request.status.platform_category();
    let own = text(value);
    let known = ["To Do", "new", "2", "In Progress", "indeterminate", "4", "Done", "3"];
    if !known.iter().any(|it| it.eq_ignore_ascii_case(&own)) {
        return Err(no_value(&own, "statusCategory"));
    }
    Ok([name, key, &id.to_string()].iter().any(|it| it.eq_ignore_ascii_case(&own)))
}

fn resolution(value: &Operand, request: &CustomerRequest) -> Found {
    match value {
        Operand::Empty => Ok(!request.is_resolved()),
        Operand::Text(name) if name.eq_ignore_ascii_case("unresolved") => {
            Ok(!request.is_resolved())
        }
        Operand::Text(name) if name.eq_ignore_ascii_case("done") => Ok(request.is_resolved()),
        other => Err(no_value(&text(other), "resolution")),
    }
}

fn no_field(field: &str) -> String {
    format!("Field '{field}' does not exist or you do not have permission to view it.")
}

fn no_value(value: &str, field: &str) -> String {
    format!("The value '{value}' does not exist for the field '{field}'.")
}

type Compare = fn(&&CustomerRequest, &&CustomerRequest) -> Ordering;

fn ordering(field: &str) -> Result<Compare, String> {
    match field {
        "created" => Ok(|a, b| a.created.cmp(&b.created)),
        "updated" => Ok(|a, b| a.updated.cmp(&b.updated)),
        "key" | "issuekey" => Ok(|a, b| a.issue_id.cmp(&b.issue_id)),
        "summary" => Ok(|a, b| a.summary.cmp(&b.summary)),
        "status" => Ok(|a, b| a.status.category().cmp(b.status.category())),
        _ => Err(no_field(field)),
    }
}
