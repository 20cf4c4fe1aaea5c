//! Holds the catalogues of all languages to the English one, and the English one to what is asked of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::outline::Outline;
use super::*;

fn outline_of(language: Language) -> Outline {
    outline::of(&resource(texts(language)).unwrap())
}

fn file_of(language: Language) -> String {
    format!("src/web/texts/{language}.ftl")
}

/// Whoever adds a text to one file adds it to all five.
#[test]
fn every_language_has_the_same_texts_with_the_same_arguments() {
    let english = outline_of(Language::En);
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let (outline, file) = (outline_of(language), file_of(language));
        for (name, arguments) in &english {
            match outline.get(name) {
                None => wrong.push(format!("{file} lacks {name}")),
                Some(own) if own != arguments => {
                    wrong.push(format!(
                        "{file}: {name} has {own:?} where English has {arguments:?}"
                    ));
                }
                Some(_) => {}
            }
        }
        let superfluous = outline.keys().filter(|name| !english.contains_key(*name));
        wrong.extend(superfluous.map(|name| format!("{file}: {name} is not in en.ftl")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whatever the arguments are: a language without a plural of its own must not fail at one either.
#[test]
fn every_text_can_be_said_in_every_language() {
    for language in Language::ALL {
        let catalogue = Catalogue::of(language).unwrap();
        for (name, names) in outline_of(language).iter().filter(|(name, _)| !name.starts_with('-'))
        {
            for count in [0, 1, 2, 1_000_000] {
                let arguments = names.iter().map(|name| (name.as_str(), count)).collect();
                assert!(catalogue.say(name, &arguments).is_ok(), "{name} in {language}");
            }
        }
    }
}

#[test]
fn no_text_is_there_twice() {
    for language in Language::ALL {
        let resource = resource(texts(language)).unwrap();
        let written = texts(language).lines().filter(|line| {
            line.starts_with(|c: char| c.is_ascii_lowercase() || c == '-') && line.contains(" =")
        });
        assert_eq!(resource.entries().filter(is_text).count(), written.count(), "{language}");
        let names: BTreeSet<_> = outline::of(&resource).into_keys().collect();
        let whole = names.iter().filter(|name| !name.contains('.')).count();
        assert_eq!(
            resource.entries().filter(is_text).count(),
            whole,
            "{language}: one is there twice"
        );
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "filter hands it over so")]
fn is_text(entry: &&fluent_syntax::ast::Entry<&str>) -> bool {
    use fluent_syntax::ast::Entry;
    matches!(entry, Entry::Message(_) | Entry::Term(_))
}

/// A text that nothing asks for is translated for nothing.
#[test]
fn every_text_is_asked_for_somewhere() {
    let sources = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    let unused: Vec<_> = outline_of(Language::En)
        .into_keys()
        .filter(|name| !name.contains('.') && !is_asked_for(name, &sources))
        .collect();
    assert!(unused.is_empty(), "nothing asks for {unused:?}");
}

/// By its whole name, or by the part before what is put behind it: `"requests-state-" ~ state`.
fn is_asked_for(name: &str, sources: &str) -> bool {
    if name.starts_with('-') {
        return texts(Language::En).contains(&format!("{{ {name} }}"));
    }
    let whole = |quote: char| sources.contains(&format!("{quote}{name}{quote}"));
    let hyphens = name.match_indices('-').map(|(at, _)| &name[..=at]);
    let begun = |start: &str| {
        let built = [format!("\"{start}\" ~"), format!("\"{start}{{"), format!("'{start}' ~")];
        built.iter().any(|built| sources.contains(built))
    };
    whole('"') || whole('\'') || hyphens.into_iter().any(begun)
}

/// All code and all templates of the gate.
fn sources(folder: &Path) -> String {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let source = |path: std::path::PathBuf| {
        let kind = path.extension().and_then(|kind| kind.to_str());
        match kind {
            _ if path.is_dir() => sources(&path),
            Some("rs" | "html") => fs::read_to_string(&path).unwrap(),
            _ => String::new(),
        }
    };
    entries.map(source).collect()
}
