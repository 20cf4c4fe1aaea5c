//! How lines of the log look. In both formats an event is one line, which a stranger's words cannot
//! break, hide or turn round. It must not know which events there are.

use std::fmt::{self, Write as _};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::domain::{Visible, is_hidden, visible_json};

/// The fields of a line of text: `name=value`, with quotation marks where a value has blanks.
pub(super) struct TextFields;

impl<'writer> FormatFields<'writer> for TextFields {
    fn format_fields<R: RecordFields>(&self, out: Writer<'writer>, fields: R) -> fmt::Result {
        let mut visitor = TextVisitor { out, value: String::new(), before: "", result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

struct TextVisitor<'writer> {
    out: Writer<'writer>,
    /// Room for one value, used again for the next.
    value: String,
    /// What is written before the next field.
    before: &'static str,
    result: fmt::Result,
}

impl TextVisitor<'_> {
    fn put(&mut self, field: &Field) -> fmt::Result {
        self.out.write_str(self.before)?;
        self.before = " ";
        if field.name() == "message" {
            return self.put_message();
        }
        let name = field.name();
        if is_bare(&self.value) {
            write!(self.out, "{name}={}", self.value)
        } else {
            let value = self.value.replace('\\', "\\\\").replace('"', "\\\"");
            write!(self.out, "{name}=\"{}\"", Visible(&value))
        }
    }

    /// A report of several lines keeps its lines. They are indented, so that none looks like
    /// another event.
    fn put_message(&mut self) -> fmt::Result {
        for (at, line) in self.value.lines().enumerate() {
            let start = if at > 0 { "\n    " } else { "" };
            write!(self.out, "{start}{}", Visible(line))?;
        }
        Ok(())
    }
}

impl Visit for TextVisitor<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Where in its source a library has logged something.
        if field.name().starts_with("log.") || self.result.is_err() {
            return;
        }
        self.value.clear();
        self.result = write!(self.value, "{value:?}").and_then(|()| self.put(field));
    }
}

/// Whether a value can be told from the text around it without quotation marks.
fn is_bare(value: &str) -> bool {
    let needs_marks = |c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '=') || is_hidden(c);
    !value.is_empty() && !value.contains(needs_marks)
}

/// Lines of JSON with their hidden characters escaped.
pub(super) struct VisibleJson<F>(pub(super) F);

impl<S, N, F> FormatEvent<S, N> for VisibleJson<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(context, Writer::new(&mut line), event)?;
        out.write_str(&visible_json(&line))
    }
}
