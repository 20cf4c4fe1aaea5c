//! What `[hosted] show_fields` adds to a request: what JSM's own portal does not show. Must not know where it
//! is shown.

use fluent_bundle::FluentArgs;
use minijinja::{Value, context};

use super::HostedState;
use crate::domain::ShownField;
use crate::jsm::requests::{Person, Sla};
use crate::web::catalogue::Catalogue;
use crate::web::times::Times;

/// Priority and assignee, as far as they are to be shown and the request has them. Each has the name of
/// its text.
pub(super) fn fields(
    shown: &[ShownField],
    priority: Option<&str>,
    assignee: Option<&Person>,
) -> Vec<Value> {
    let field = |shown: &ShownField| {
        let (name, value) = match shown {
            ShownField::Priority => ("shown-priority", priority?),
            ShownField::Assignee => ("shown-assignee", assignee?.name.as_str()),
            ShownField::Sla => return None,
        };
        (!value.is_empty()).then(|| context! { name => name, value => value })
    };
    shown.iter().filter_map(field).collect()
}

/// Whether agreed times are to be shown, which takes JSM another call.
pub(super) fn has_slas(state: &HostedState) -> bool {
    state.config.show_fields.contains(&ShownField::Sla)
}

/// An agreed time: by when, or what became of it.
pub(super) fn sla(sla: &Sla, times: &Times<'_>) -> Option<Value> {
    let (name, due) = state(sla, times)?;
    Some(context! { name => sla.name.as_str(), state => name, due => due })
}

/// The same as one text.
pub(super) fn say(sla: &Sla, times: &Times<'_>, catalogue: &Catalogue) -> Option<String> {
    let (name, due) = state(sla, times)?;
    let due = due.and_then(|due| due.get_attr("words").ok()).map(|words| words.to_string());
    let arguments = FluentArgs::from_iter(due.map(|due| ("time", due)));
    let state = catalogue.say_or_name(name, &arguments);
    let arguments = FluentArgs::from_iter([("name", sla.name.clone()), ("state", state)]);
    Some(catalogue.say_or_name("sla-line", &arguments))
}

/// The name of the text that says what became of it, and by when it has to be met.
fn state(sla: &Sla, times: &Times<'_>) -> Option<(&'static str, Option<Value>)> {
    Some(match (&sla.ongoing, sla.completed.last()) {
        (Some(cycle), _) if cycle.breached => ("sla-missed", None),
        (Some(cycle), _) if cycle.paused => ("sla-paused", None),
        (Some(cycle), _) => ("sla-due", Some(times.short(cycle.due?))),
        (None, Some(cycle)) if cycle.breached => ("sla-missed", None),
        (None, Some(_)) => ("sla-met", None),
        (None, None) => return None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing(&[], "")]
    #[case::one(&[ShownField::Assignee], "Dana")]
    #[case::both(&[ShownField::Assignee, ShownField::Priority, ShownField::Sla], "Dana High")]
    fn only_what_the_configuration_names_is_shown(
        #[case] shown: &[ShownField],
        #[case] expected: &str,
    ) {
        let dana = Person { account: None, name: "Dana".to_owned() };
        let fields = fields(shown, Some("High"), Some(&dana));
        let values: Vec<_> =
            fields.iter().map(|it| it.get_attr("value").unwrap().to_string()).collect();
        assert_eq!(values.join(" "), expected);
    }
}
