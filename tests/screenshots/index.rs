//! The page that shows all pictures side by side. Must not know what is on them.

use std::fs;
use std::path::PathBuf;

use crate::node::screenshots;

const SIZES: [&str; 2] = ["phone", "desk"];
const SCHEMES: [&str; 2] = ["light", "dark"];

/// Writes it beside the pictures, and returns where it is. A picture that is missing is a failure.
pub(crate) fn write(pages: &[String], languages: &[&str]) -> PathBuf {
    let folder = screenshots();
    let section = |page: &String| {
        let rows: Vec<_> = languages.iter().map(|language| row(page, language)).collect();
        format!("<h2 id=\"{page}\">{page}</h2>\n<table>\n{}</table>\n", rows.concat())
    };
    let links: Vec<_> = pages.iter().map(|it| format!("<a href=\"#{it}\">{it}</a>\n")).collect();
    let sections: Vec<_> = pages.iter().map(section).collect();
    let (links, sections) = (links.concat(), sections.concat());
    let style = "body { font: 16px system-ui; } img { height: 20rem; max-width: 30rem; \
                 object-fit: cover; object-position: top; border: 1px solid #888; }";
    let page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Pages of the gate</title>\n\
         <style>{style}</style>\n<h1>Pages of the gate</h1>\n<p>{links}</p>\n{sections}</html>\n"
    );
    let index = folder.join("index.html");
    fs::write(&index, page).unwrap();
    index
}

fn row(page: &str, language: &str) -> String {
    let picture = |size: &str, scheme: &str| {
        let file = format!("{page}/{language}-{size}-{scheme}.png");
        assert!(screenshots().join(&file).is_file(), "{file} is missing");
        format!(
            "<td><a href=\"{file}\"><img src=\"{file}\" loading=\"lazy\" alt=\"{page}, {language}, {size}, {scheme}\"></a></td>"
        )
    };
    let pictures = SIZES.iter().flat_map(|size| SCHEMES.map(|scheme| picture(size, scheme)));
    format!("<tr><th>{language}</th>{}</tr>\n", pictures.collect::<Vec<_>>().concat())
}
