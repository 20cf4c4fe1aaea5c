//! `[branding]`, with the files that it names: what does not fit is told with the place in `proxy.toml`.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use super::logo;
use crate::config::field::Field;
use crate::config::parsed::{BrandingConfig, Color, Contact};
use crate::config::reader::Reader;
use crate::config::values::ValueError;
use crate::config::{raw, values};
use crate::domain::Language;
use crate::web::catalogue::Catalogue;
use crate::web::own_templates::check_template;
use crate::web::templates::is_template;

/// What a file of templates or texts may have at most. The longest built-in one has a fifth of it.
const LARGEST: u64 = 256 * 1024;

pub(super) fn read(field: &Field<raw::Branding>, reader: &mut Reader<'_>) -> Arc<BrandingConfig> {
    let nothing = raw::Branding::default();
    let raw = reader.value(field).unwrap_or(&nothing);
    Arc::new(BrandingConfig {
        name: reader.parse(&raw.name, values::text),
        logo: logo::read(&raw.logo_file, reader),
        accent: reader.parse(&raw.accent, accent),
        contact: reader.parse(&raw.contact, contact),
        templates: folder(&raw.templates_dir, template, reader),
        texts: folder(&raw.texts_dir, texts, reader),
    })
}

fn accent(text: &str) -> Result<Color, ValueError> {
    let expected = "expected a colour such as \"#0b57d0\"";
    let color = Color::parse(text).ok_or_else(|| ValueError::new("is no colour", expected))?;
    if color.is_readable() {
        return Ok(color);
    }
    let what = format!("is too light to be read: its contrast is {:.1}:1", color.contrast());
    let remedy = format!("take a darker shade, such as \"{}\"", color.made_readable());
    Err(ValueError::new(what, "expected a contrast of 4.5:1 at least").remedy(remedy))
}

fn contact(text: &str) -> Result<Contact, ValueError> {
    let expected =
        "expected an address such as \"mailto:help@example.com\" or \"https://example.com/help\"";
    Contact::parse(text)
        .ok_or_else(|| ValueError::new("is neither a mail nor a web address", expected))
}

/// The files of a folder, each read by `parser` from its name and its content.
fn folder<K: Ord>(
    field: &Field<String>,
    parser: impl Fn(&str, &str) -> Result<K, ValueError>,
    reader: &mut Reader<'_>,
) -> BTreeMap<K, String> {
    let mut found = BTreeMap::new();
    let Some(path) = reader.path(field) else { return found };
    let at = field.span().unwrap_or_default();
    let files = match files(&path) {
        Ok(files) => files,
        Err(error) => {
            let what = format!("cannot be read: {}: {error}", path.display());
            reader.invalid(at, ValueError::new(what, "expected a folder"));
            return found;
        }
    };
    for file in files {
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let content = content(&file);
        match content.and_then(|content| Ok((parser(name, &content)?, content))) {
            Ok((key, content)) => drop(found.insert(key, content)),
            Err(invalid) => {
                let what = format!("has a file that does not fit: {name} {}", invalid.what);
                reader.invalid(at.clone(), ValueError { what, ..invalid });
            }
        }
    }
    found
}

/// The files of a folder in the order of their names, without hidden ones.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_hidden =
        |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.retain(|path| !is_hidden(path));
    files.sort();
    Ok(files)
}

fn content(file: &Path) -> Result<String, ValueError> {
    let expected = "expected a text file of 256 KiB at most";
    let unread = |error: io::Error| ValueError::new(format!("cannot be read: {error}"), expected);
    if fs::metadata(file).map_err(unread)?.len() > LARGEST {
        return Err(ValueError::new("is too large", expected));
    }
    fs::read_to_string(file).map_err(unread)
}

fn template(name: &str, source: &str) -> Result<String, ValueError> {
    if !is_template(name) {
        let expected = "expected the name of a built-in template, such as \"page.html\"";
        return Err(ValueError::new("has the name of no template", expected));
    }
    check_template(name, source)
        .map_err(|why| ValueError::new(why.to_string(), "expected a template"))?;
    Ok(name.to_owned())
}

fn texts(name: &str, source: &str) -> Result<Language, ValueError> {
    let language = name.strip_suffix(".ftl").and_then(Language::parse).ok_or_else(|| {
        let expected = "expected a file for each language, such as \"de.ftl\"";
        ValueError::new("has the name of no language", expected)
    })?;
    Catalogue::check(source).map_err(|why| {
        ValueError::new(why.to_string(), "expected texts in place of built-in ones")
    })?;
    Ok(language)
}
