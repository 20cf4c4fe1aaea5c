//! `proxy.toml` against the code: the same keys, the same defaults.

use std::collections::BTreeMap;

use jsm_gate::config;
use serde_json::Value;

use super::support::load;

const REFERENCE: &str = include_str!("../../proxy.toml");

/// Every key of the schema, sections left out: `gate.public_url`, `provider.id`.
fn schema_keys() -> BTreeMap<String, Value> {
    fn collect(path: &str, schema: &Value, keys: &mut BTreeMap<String, Value>) {
        let table = schema.get("items").filter(|items| items.get("properties").is_some());
        match table.unwrap_or(schema).get("properties").and_then(Value::as_object) {
            Some(properties) => properties.iter().for_each(|(name, schema)| {
                collect(&format!("{path}.{name}"), schema, keys);
            }),
            None => drop(keys.insert(path.trim_start_matches('.').to_owned(), schema.clone())),
        }
    }
    let mut keys = BTreeMap::new();
    collect("", &config::schema(), &mut keys);
    keys
}

/// Tables whose keys are the admin's own, such as the headers of `forward.identity`: a value.
fn is_free(path: &str) -> bool {
    [
        ".forward.identity",
        ".provider.parameters",
        ".provider.attributes.extra",
        ".portal.allow.claims",
        ".portal.deny.claims",
        ".service_provider.attributes",
        ".service_provider.allow.claims",
        ".service_provider.deny.claims",
        ".customers.organization.claims",
        ".customers.group.claims",
    ]
    .contains(&path)
}

/// Every key of a file with its value.
fn file_keys(text: &str) -> BTreeMap<String, toml::Value> {
    fn collect(path: &str, value: toml::Value, keys: &mut BTreeMap<String, toml::Value>) {
        match value {
            toml::Value::Table(table) if !is_free(path) => {
                table.into_iter().for_each(|(name, value)| {
                    collect(&format!("{path}.{name}"), value, keys);
                });
            }
            toml::Value::Array(items) if items.iter().any(toml::Value::is_table) => {
                for item in items {
                    collect(path, item, keys);
                }
            }
            value => drop(keys.insert(path.trim_start_matches('.').to_owned(), value)),
        }
    }
    let mut keys = BTreeMap::new();
    collect("", toml::Value::Table(toml::from_str(text).unwrap()), &mut keys);
    keys
}

/// The reference with the lines switched on that are switched off by a `#` before a key or a
/// section. What is in a section that stays off stays off too.
fn switched_on(text: &str, wanted: impl Fn(&str) -> bool) -> String {
    let mut section = "";
    let mut section_is_on = true;
    let mut lines = Vec::new();
    for line in text.lines() {
        let off = line.strip_prefix('#');
        let off = off.filter(|line| line.starts_with(|c: char| c.is_alphanumeric() || c == '['));
        let bare = off.unwrap_or(line);
        if bare.starts_with('[') {
            section = bare.trim_matches(['[', ']']);
            section_is_on = off.is_none() || wanted(section);
        }
        let key = bare.split_once(" = ").map(|(key, _)| key);
        let on = section_is_on && key.is_none_or(|key| wanted(&format!("{section}.{key}")));
        lines.push(if on { bare } else { line });
    }
    lines.join("\n")
}

#[test]
fn it_is_accepted_as_it_is() {
    let loaded = load(REFERENCE).unwrap_or_else(|refusal| panic!("{}", refusal.report));
    assert!(loaded.warnings.is_empty());
}

#[test]
fn it_shows_every_key_and_no_other() {
    let shown = file_keys(&switched_on(REFERENCE, |_| true));
    let shown: Vec<_> = shown.keys().collect();
    let known = schema_keys();
    let known: Vec<_> = known.keys().collect();
    assert_eq!(shown, known);
}

#[test]
fn the_defaults_it_states_are_those_of_the_schema() {
    let shown = file_keys(&switched_on(REFERENCE, |_| true));
    let defaults = schema_keys()
        .into_iter()
        .filter_map(|(path, schema)| Some((path, schema.get("default").cloned()?)));
    for (path, default) in defaults {
        assert_eq!(serde_json::to_value(&shown[&path]).unwrap(), default, "{path}");
    }
}

#[test]
fn the_defaults_it_states_are_those_of_the_code() {
    let keys = schema_keys();
    let has_default = |path: &str| keys.get(path).is_some_and(|key| key.get("default").is_some());
    let explicit = switched_on(REFERENCE, has_default);
    assert_ne!(explicit, REFERENCE);
    assert_eq!(unplaced(&explicit), unplaced(REFERENCE));
}

/// What a file means, without the name of the folder it was in.
fn unplaced(text: &str) -> String {
    let config = load(text).unwrap_or_else(|refusal| panic!("{}", refusal.report)).config;
    let folder = config.gate.tls.as_ref().unwrap().certificate.parent().unwrap().parent().unwrap();
    format!("{config:#?}").replace(folder.to_str().unwrap(), "")
}

#[test]
fn every_key_is_described() {
    for (path, schema) in schema_keys() {
        assert!(schema.get("description").is_some_and(Value::is_string), "{path}");
    }
}

/// The pattern of a key, or of the entries of its list.
fn pattern(schema: &Value) -> Option<regex::Regex> {
    let pattern = schema.get("pattern").or_else(|| schema.pointer("/items/pattern"))?;
    Some(regex::Regex::new(pattern.as_str().unwrap()).unwrap())
}

/// What the code accepts no pattern may refuse, or an editor would mark it.
#[test]
fn the_patterns_of_the_schema_take_what_the_reference_shows() {
    let shown = file_keys(&switched_on(REFERENCE, |_| true));
    let keys = schema_keys();
    let patterns = keys.iter().filter_map(|(path, key)| Some((path, pattern(key)?)));
    let mut seen = 0;
    for (path, pattern) in patterns {
        let values = match &shown[path] {
            toml::Value::Array(items) => items.clone(),
            value => vec![value.clone()],
        };
        for value in values {
            assert!(pattern.is_match(value.as_str().unwrap()), "{path}: {value} {pattern}");
            seen += 1;
        }
    }
    assert!(seen > 30, "only {seen}");
}

/// Each is wrong to the code, and to the pattern.
#[rstest::rstest]
#[case("gate.public_url", &["help.example.com", "https://help.example.com"])]
#[case("gate.listen", &["443", "localhost:443", "0.0.0.0:443", "[::]:443"])]
#[case("session.absolute", &["30", "half an hour", "30m", "1h 30m", "2days"])]
#[case("limits.body_bytes", &["100", "many", "100MB", "64KiB"])]
#[case("provider.id", &["Okta", "a b", "okta-2"])]
#[case("portal.link", &["IT Help", "it"])]
#[case("portal.project", &["IT-1", "IT", "10001"])]
#[case("session.store", &["postgres://host", "memory", "rediss://host:6379/0"])]
fn the_patterns_of_the_schema_know_wrong_from_right(#[case] key: &str, #[case] texts: &[&str]) {
    let pattern = pattern(&schema_keys()[key]).unwrap();
    for text in texts {
        let (section, name) = key.split_once('.').unwrap();
        let line = if key == "gate.listen" { format!("[{text:?}]") } else { format!("{text:?}") };
        let mut file: toml::Table = toml::from_str(super::support::MINIMAL).unwrap();
        let value: toml::Table = toml::from_str(&format!("{name} = {line}")).unwrap();
        let table = match section {
            "portal" => {
                let rule: toml::Table = toml::from_str("project = \"IT\"").unwrap();
                file.insert("portal".to_owned(), vec![rule].into());
                file["portal"][0].as_table_mut().unwrap()
            }
            "provider" => file["provider"][0].as_table_mut().unwrap(),
            _ => {
                let empty = toml::Value::Table(toml::Table::new());
                file.entry(section).or_insert(empty).as_table_mut().unwrap()
            }
        };
        table.extend(value);
        let accepted = match load(&toml::to_string(&file).unwrap()) {
            Ok(_) => true,
            Err(refusal) => {
                let names = |place: &(usize, &str)| place.1.contains(name);
                !refusal.places().iter().any(names)
            }
        };
        assert_eq!(pattern.is_match(text), accepted, "{key} = {text:?}");
    }
}

/// JSON schema validators of editors read exactly this dialect.
#[test]
fn the_schema_is_of_draft_2020_12() {
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    assert_eq!(config::schema()["$schema"], dialect);
}
