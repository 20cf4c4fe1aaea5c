//! What a file of texts holds: the name of each text, and the arguments that it names. Must not know which
//! texts there have to be.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};

/// The arguments of each text, by `name`, `name.attribute` or, for a text that only others use, `-name`.
pub(crate) type Outline = BTreeMap<String, BTreeSet<String>>;

/// The outline of a file.
pub(crate) fn of(resource: &FluentResource) -> Outline {
    let mut outline = Outline::new();
    for entry in resource.entries() {
        let (name, value, attributes) = match entry {
            Entry::Message(message) => {
                (message.id.name.to_owned(), message.value.as_ref(), &message.attributes)
            }
            Entry::Term(term) => {
                (format!("-{}", term.id.name), Some(&term.value), &term.attributes)
            }
            Entry::Comment(_)
            | Entry::GroupComment(_)
            | Entry::ResourceComment(_)
            | Entry::Junk { .. } => continue,
        };
        for attribute in attributes {
            outline.insert(format!("{name}.{}", attribute.id.name), arguments(&attribute.value));
        }
        if let Some(value) = value {
            outline.insert(name, arguments(value));
        }
    }
    outline
}

fn arguments(pattern: &Pattern<&str>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    of_pattern(pattern, &mut names);
    names
}

fn of_pattern(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, names);
        }
    }
}

fn of_expression(expression: &Expression<&str>, names: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, names),
        Expression::Select { selector, variants } => {
            of_inline(selector, names);
            for variant in variants {
                of_pattern(&variant.value, names);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => drop(names.insert(id.name.to_owned())),
        InlineExpression::Placeable { expression } => of_expression(expression, names),
        InlineExpression::FunctionReference { arguments, .. }
        | InlineExpression::TermReference { arguments: Some(arguments), .. } => {
            of_call(arguments, names);
        }
        InlineExpression::TermReference { arguments: None, .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn of_call(arguments: &CallArguments<&str>, names: &mut BTreeSet<String>) {
    arguments.positional.iter().for_each(|inline| of_inline(inline, names));
    arguments.named.iter().for_each(|named| of_inline(&named.value, names));
}
