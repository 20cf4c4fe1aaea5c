//! What a list tells of each request besides its number, title and status: the customer chooses, and the address
//! of the list holds the choice. Must not know where a column's content comes from.

use minijinja::{Value, context};

use crate::domain::ShownField;

/// The name in addresses, once for each column.
pub(super) const COLUMN: &str = "column";

/// What can be chosen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Column {
    Type,
    Portal,
    /// Who made it.
    By,
    Made,
    Updated,
    Shown(ShownField),
}

/// In the order of a row.
const ALL: [Column; 8] = [
    Column::Type,
    Column::Portal,
    Column::By,
    Column::Made,
    Column::Updated,
    Column::Shown(ShownField::Priority),
    Column::Shown(ShownField::Assignee),
    Column::Shown(ShownField::Sla),
];

impl Column {
    /// What addresses and texts call it.
    fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Portal => "portal",
            Self::By => "by",
            Self::Made => "made",
            Self::Updated => "updated",
            Self::Shown(ShownField::Priority) => "priority",
            Self::Shown(ShownField::Assignee) => "assignee",
            Self::Shown(ShownField::Sla) => "sla",
        }
    }
}

/// What the address of a list says; without a word of it, the list has what it has at first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Choice(Option<Vec<Column>>);

impl Choice {
    /// One more of them. What is none only says that somebody has chosen.
    pub(super) fn add(&mut self, name: &str) {
        let chosen = self.0.get_or_insert_default();
        let column = ALL.into_iter().find(|column| column.name() == name);
        chosen.extend(column.filter(|column| !chosen.contains(column)));
    }

    /// The pairs of an address that says the same.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &'static str)> {
        match self.0.as_deref() {
            None => Vec::new(),
            Some([]) => vec![(COLUMN, "")],
            Some(chosen) => chosen.iter().map(|column| (COLUMN, column.name())).collect(),
        }
    }
}

/// The columns of one list.
pub(super) struct Columns {
    offered: Vec<Column>,
    shown: Vec<Column>,
    /// Whether they are those that such a list has at first.
    pub(super) are_usual: bool,
}

impl Columns {
    /// Those of a list of one portal or of all, of the customer's own requests or of others', where the admin
    /// shows this of a request.
    pub(super) fn of(
        choice: &Choice,
        is_of_all: bool,
        is_own: bool,
        show_fields: &[ShownField],
    ) -> Self {
        let is_offered = |column: &Column| match column {
            Column::Portal => is_of_all,
            Column::Shown(field) => show_fields.contains(field),
            Column::Type | Column::By | Column::Made | Column::Updated => true,
        };
        let offered: Vec<_> = ALL.into_iter().filter(is_offered).collect();
        // Who made a request needs no saying where all are one's own.
        let is_usual = |column: &Column| *column != Column::By || !is_own;
        let usual: Vec<_> = offered.iter().copied().filter(is_usual).collect();
        let shown = match &choice.0 {
            Some(chosen) => offered.iter().copied().filter(|it| chosen.contains(it)).collect(),
            None => usual.clone(),
        };
        let are_usual = shown == usual;
        Self { offered, shown, are_usual }
    }

    pub(super) fn has(&self, column: Column) -> bool {
        self.shown.contains(&column)
    }

    /// What of `[hosted] show_fields` the list has.
    pub(super) fn show_fields(&self) -> Vec<ShownField> {
        let field = |column: &Column| match column {
            Column::Shown(field) => Some(*field),
            _ => None,
        };
        self.shown.iter().filter_map(field).collect()
    }

    /// For the boxes to tick.
    pub(super) fn choices(&self) -> Vec<Value> {
        let choice = |column: &Column| {
            context! { name => column.name(), chosen => self.has(*column) }
        };
        self.offered.iter().map(choice).collect()
    }

    /// For the rows: each column by its name.
    pub(super) fn value(&self) -> Value {
        Value::from_pairs(self.shown.iter().map(|column| (column.name(), true)))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn shown(names: &[&str], is_of_all: bool, is_own: bool, fields: &[ShownField]) -> String {
        let mut choice = Choice::default();
        for name in names {
            choice.add(name);
        }
        let columns = Columns::of(&choice, is_of_all, is_own, fields);
        columns.shown.iter().map(|column| column.name()).collect::<Vec<_>>().join(" ")
    }

    #[rstest]
    #[case::at_first(&[], false, true, "type made updated")]
    #[case::of_all(&[], true, true, "type portal made updated")]
    #[case::of_others(&[], false, false, "type by made updated")]
    #[case::chosen(&["updated", "by"], false, true, "by updated")]
    #[case::none(&[""], false, true, "")]
    #[case::twice_and_odd(&["made", "made", "<x>"], false, true, "made")]
    #[case::not_shown_here(&["priority", "portal", "made"], false, true, "made")]
    fn a_list_has_the_columns_that_were_chosen(
        #[case] names: &[&str],
        #[case] is_of_all: bool,
        #[case] is_own: bool,
        #[case] expected: &str,
    ) {
        assert_eq!(shown(names, is_of_all, is_own, &[]), expected);
    }

    #[test]
    fn what_the_admin_shows_is_there_until_it_is_taken_out() {
        let fields = [ShownField::Sla, ShownField::Priority];
        assert_eq!(shown(&[], false, true, &fields), "type made updated priority sla");
        assert_eq!(shown(&["made", "sla", "assignee"], false, true, &fields), "made sla");
    }
}
