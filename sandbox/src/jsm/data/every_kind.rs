//! One field of each kind that a form can have, with something to choose.

use super::fields::{Choice, Field, FieldKind};

/// All but summary, description and files, which every request type has.
pub(in crate::jsm) fn every_kind() -> Vec<Field> {
    let mut fields = plain();
    fields.extend(with_choices());
    fields.extend(people());
    fields
}

fn plain() -> Vec<Field> {
    vec![
        Field::new("environment", "Environment", FieldKind::Environment),
        Field::new("duedate", "Due date", FieldKind::DueDate),
        Field::new("labels", "Labels", FieldKind::Labels),
        Field::new("customfield_10101", "Room", FieldKind::Text),
        Field::new("customfield_10102", "Reason", FieldKind::TextArea).required(),
        Field::new("customfield_10103", "Amount", FieldKind::Number).required(),
        Field::new("customfield_10104", "Day", FieldKind::Date),
        Field::new("customfield_10105", "Appointment", FieldKind::DateTime),
        Field::new("customfield_10106", "Link", FieldKind::Url),
        Field::new("customfield_10107", "Tags", FieldKind::CustomLabels),
        Field::new("customfield_10108", "Affected services", FieldKind::AffectedServices),
        Field::new("customfield_10109", "Tree", FieldKind::App),
        Field::new("customfield_10110", "Device", FieldKind::Assets),
    ]
}

fn with_choices() -> Vec<Field> {
    let two: &[(&str, &str)] = &[("10201", "Red"), ("10202", "Blue")];
    let chosen = |id: &str, name: &str, kind| Field::new(id, name, kind).with_choices(two);
    let children = vec![Choice::new("10212", "First floor", Vec::new())];
    let parents = vec![
        Choice::new("10211", "Main building", children),
        Choice::new("10221", "Annex", vec![Choice::new("10222", "Hall", Vec::new())]),
    ];
    let default = Some("10201".to_owned());
    vec![
        Field {
            description: "The colour of the case.".to_owned(),
            ..chosen("customfield_10121", "Colour", FieldKind::Select).required()
        },
        Field { default, ..chosen("customfield_10122", "Cable", FieldKind::Radio) },
        chosen("customfield_10123", "Keys", FieldKind::MultiSelect),
        chosen("customfield_10124", "Screens", FieldKind::Checkboxes),
        Field {
            choices: parents,
            ..Field::new("customfield_10125", "Place", FieldKind::Cascading)
        },
        chosen("components", "Components", FieldKind::Components),
        chosen("versions", "Affects versions", FieldKind::Versions),
        chosen("fixVersions", "Fix versions", FieldKind::FixVersions),
        chosen("customfield_10126", "Version", FieldKind::Version),
        chosen("customfield_10127", "Versions", FieldKind::MultiVersion),
        Field::new("priority", "Priority", FieldKind::Priority)
            .with_choices(&[("2", "High"), ("3", "Medium")]),
    ]
}

fn people() -> Vec<Field> {
    vec![
        Field::new("customfield_10141", "Manager", FieldKind::User),
        Field::new("customfield_10142", "Approvers", FieldKind::Users),
        Field::new("customfield_10143", "Team", FieldKind::Group),
        Field::new("customfield_10144", "Teams", FieldKind::Groups),
        Field::new("customfield_10031", "Share with", FieldKind::Organizations),
        Field::new("customfield_10032", "Participants", FieldKind::Participants),
    ]
}
