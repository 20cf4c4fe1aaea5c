//! Writes the report, in the form that compilers have made familiar.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{ConfigErrors, Mistake};

/// Where the report is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Style {
    /// In a log or a file.
    Plain,
    /// On a terminal.
    Coloured,
}

/// Every mistake with its line and caret, and how many there are.
pub(super) fn report(errors: &ConfigErrors, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    let mut report = String::new();
    for alike in alike(&errors.mistakes) {
        report.push_str(&renderer.render(&[group(errors, &alike)]));
        report.push_str("\n\n");
    }
    report.push_str(&summary(errors));
    report
}

/// Mistakes of the same kind in several keys are written once, because they have one cause.
fn alike(mistakes: &[Mistake]) -> Vec<Vec<&Mistake>> {
    let mut groups: Vec<Vec<&Mistake>> = Vec::new();
    for mistake in mistakes {
        let same = |group: &&mut Vec<&Mistake>| {
            group.first().is_some_and(|first| {
                mistake.remedy.is_some()
                    && (&first.what, &first.expected, &first.remedy)
                        == (&mistake.what, &mistake.expected, &mistake.remedy)
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(mistake),
            None => groups.push(vec![mistake]),
        }
    }
    groups
}

fn group<'a>(errors: &'a ConfigErrors, alike: &[&'a Mistake]) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(title(alike)));
    let placed: Vec<_> = alike.iter().filter(|mistake| mistake.line > 0).collect();
    if !placed.is_empty() {
        let here = placed.iter().map(|mistake| {
            let here = AnnotationKind::Primary.span(mistake.span.clone());
            here.label(mistake.expected.as_deref())
        });
        let first = |span| AnnotationKind::Context.span(span).label("first here");
        let snippet = Snippet::source(errors.text.as_str())
            .path(errors.name.as_str())
            .annotations(here)
            .annotations(placed.iter().filter_map(|mistake| mistake.earlier.clone()).map(first));
        group = group.element(snippet);
    }
    let remedy = alike.first().and_then(|mistake| mistake.remedy.as_deref());
    group.elements(remedy.map(|remedy| Level::HELP.message(remedy)))
}

fn title(alike: &[&Mistake]) -> String {
    let what = alike.first().map(|mistake| mistake.what.as_str()).unwrap_or_default();
    let paths: Vec<_> = alike.iter().map(|mistake| format!("`{}`", mistake.path)).collect();
    match paths.as_slice() {
        [_] if alike.iter().all(|mistake| mistake.path.is_empty()) => what.to_owned(),
        [path] => format!("{path} {what}"),
        [most @ .., last] => format!("{} and {last} each {what}", most.join(", ")),
        [] => String::new(),
    }
}

fn summary(errors: &ConfigErrors) -> String {
    match errors.mistakes.len() {
        1 => format!("1 mistake in {}\n", errors.name),
        many => format!("{many} mistakes in {}\n", errors.name),
    }
}
