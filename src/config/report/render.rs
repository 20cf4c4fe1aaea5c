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
    for mistake in &errors.mistakes {
        report.push_str(&renderer.render(&[group(errors, mistake)]));
        report.push_str("\n\n");
    }
    report.push_str(&summary(errors));
    report
}

fn group<'a>(errors: &'a ConfigErrors, mistake: &'a Mistake) -> Group<'a> {
    let mut group = Group::with_title(Level::ERROR.primary_title(title(mistake)));
    if mistake.line > 0 {
        let here = AnnotationKind::Primary.span(mistake.span.clone());
        let first = |span| AnnotationKind::Context.span(span).label("first here");
        let snippet = Snippet::source(errors.text.as_str())
            .path(errors.name.as_str())
            .annotation(here.label(mistake.expected.as_deref()))
            .annotations(mistake.earlier.clone().map(first));
        group = group.element(snippet);
    }
    let remedy = mistake.remedy.as_deref().map(|remedy| Level::HELP.message(remedy));
    group.elements(remedy)
}

fn title(mistake: &Mistake) -> String {
    match mistake.path.as_str() {
        "" => mistake.what.clone(),
        path => format!("`{path}` {}", mistake.what),
    }
}

fn summary(errors: &ConfigErrors) -> String {
    match errors.mistakes.len() {
        1 => format!("1 mistake in {}\n", errors.name),
        many => format!("{many} mistakes in {}\n", errors.name),
    }
}
