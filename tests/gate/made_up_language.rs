//! All pages in a made-up language, in which every text of the catalogue stands in ⟦brackets⟧. What stands
//! outside of them is data, or a text that somebody forgot to put into the catalogue.

use std::fs;

use fluent_syntax::ast::{Entry, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};
use regex::Regex;
use reqwest::{Method, RequestBuilder};
use sandbox::jsm::{Account, JsmSettings};
use tempfile::TempDir;

use crate::site::{Site, site};
use crate::visitor::Visitor;

const ANN: &str = "id-of-ann";

/// What people, JSM and the configuration call things. It is the same in every language.
const DATA: &[&str] = &[
    ".",
    "A system, a folder or a group.",
    "AA",
    "Access and equipment",
    "Back to support",
    "Resolve this request",
    "Alex Agent",
    "Ann Example",
    "Facilities",
    "IT Help",
    "Laptops, screens, headsets.",
    "My screen is dark",
    "New equipment",
    "People &amp; Culture",
    "Please see",
    "Problems",
    "Request access",
    "Say what you did and saw.",
    "Something is broken",
    "Summary",
    "Waiting for support",
    "ann@example.com",
    "cable.txt",
];

/// Data of which only the shape is known: numbers of requests and the like.
const SHAPES: &[&str] = &[
    "[A-Z]+-[0-9]+( My screen is dark)?", // the key of a request
    "[0-9a-f]{16}",                       // the id of a request to the gate
    "[a-z]+(-[a-z]+)*",                   // the code of a problem, below which its words stand
    "(English|Deutsch|Français|Español|日本語)",
    "127\\.0\\.0\\.1:[0-9]+", // the name of the site
    "[·,]+",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_text_that_people_see_is_in_the_catalogue() {
    let texts = TempDir::new().unwrap();
    fs::write(texts.path().join("en.ftl"), made_up(include_str!("../../src/web/texts/en.ftl")))
        .unwrap();
    let site = spoken_as(&texts).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
    let mut found = Vec::new();
    let mut stranger = site.visitor();
    for path in STRANGERS {
        found.extend(forgotten(&site, &mut stranger, path).await);
    }
    let mut ann = site.logged_in("ann").await;
    for path in ANNS {
        found.extend(forgotten(&site, &mut ann, &path.replace("{key}", &key)).await);
    }
    assert!(found.is_empty(), "not of the catalogue:\n{}", found.join("\n"));
}

/// Pages for whoever is not logged in.
const STRANGERS: &[&str] = &[
    "/_gate/nothing",
    "/_gate/login?return_to=/p/it&choose=1",
    "/_gate/login?return_to=/p/it",
    "/_gate/logged-out",
    "/_gate/preferences",
    "/_gate/preferences?said=saved",
    "/_gate/emergency?key=x",
    "/_gate/test-login?key=x",
    "/_gate/callback/test",
    "/_gate/callback/test?error=access_denied",
    "/_gate/callback/nobody?code=x",
    "/p/it//x",
];

/// Pages for a customer.
const ANNS: &[&str] = &[
    "/",
    "/_gate/preferences",
    "/_gate/logout",
    "/_gate/requests",
    "/_gate/requests?state=all&q=screen",
    "/_gate/requests?whose=approvals",
    "/p/it",
    "/p/it/group/7",
    "/p/it/search?q=screen",
    "/p/it/search?q=nothing+of+the+kind",
    "/p/it/create/66",
    "/p/it/requests",
    "/p/it/requests?whose=shared",
    "/p/it/{key}",
    "/p/it/{key}?said=created",
    "/p/it/{key}/transition/761",
    "/p/it/IT-4711",
    "/p/hr",
    "/p/nothing",
    "/secure/Dashboard.jspa",
];

async fn spoken_as(texts: &TempDir) -> Site {
    let toml = format!(
        "[branding]\ntexts_dir = {:?}\n[[portal]]\nproject = \"IT\"\nmode = \"hosted\"\nopen_desk = true\n\
         [[portal]]\nproject = \"HR\"\naccess = \"private\"\nallow = {{ groups = [\"nobody\"] }}",
        texts.path()
    );
    let site = site().in_front_of(JsmSettings::cloud()).with(&toml).start().await;
    site.jsm.add_account(Account::customer("Ann Example", "ann@example.com").with_id(ANN));
    site.jsm.list_customer("IT", ANN);
    site
}

/// The texts with brackets around each.
fn made_up(texts: &str) -> String {
    fn bracket(pattern: &mut Pattern<String>) {
        pattern.elements.insert(0, PatternElement::TextElement { value: "⟦".to_owned() });
        pattern.elements.push(PatternElement::TextElement { value: "⟧".to_owned() });
    }
    let mut resource = parser::parse(texts.to_owned()).unwrap();
    for entry in &mut resource.body {
        if let Entry::Message(message) = entry {
            message.value.iter_mut().for_each(bracket);
            message.attributes.iter_mut().for_each(|attribute| bracket(&mut attribute.value));
        }
    }
    serializer::serialize(&resource)
}

/// What a page shows that is neither of the catalogue nor data.
async fn forgotten(site: &Site, visitor: &mut Visitor, path: &str) -> Vec<String> {
    let asks = |get: RequestBuilder| {
        get.header("accept", "text/html").header("sec-fetch-mode", "navigate")
    };
    let answer = visitor.request(Method::GET, &site.at(path), asks).await;
    let page = answer.text().await.unwrap();
    let seen = visible(&page);
    let unknown = seen.into_iter().filter(|text| !is_data(text));
    unknown.map(|text| format!("{path}: {text:?}")).collect()
}

fn is_data(text: &str) -> bool {
    let is_of = |shape: &&str| Regex::new(&format!("^(?:{shape})$")).unwrap().is_match(text);
    DATA.contains(&text) || SHAPES.iter().any(is_of)
}

/// The texts of a page outside of brackets, those of attributes that are read out among them.
fn visible(page: &str) -> Vec<String> {
    let places = Regex::new("<option value=\"[A-Z][A-Za-z]+/[^<]*</option>").unwrap();
    // What is in English on purpose says so.
    let english = Regex::new("<dd lang=\"en\">[^<]*</dd>").unwrap();
    let page = page.replace("&#x2f;", "/");
    let page = places.replace_all(&page, "");
    let page = english.replace_all(&page, "").replace("<mark>", "").replace("</mark>", "");
    let names =
        "alt|title|placeholder|aria-label|label|data-(?:progress|failed|uploaded|left|over)";
    let attributes = Regex::new(&format!("(?:{names})=\"([^\"]*)\"")).unwrap();
    let said = attributes.captures_iter(&page).map(|found| found[1].to_owned());
    let mut texts: Vec<String> = said.flat_map(|text| outside(&text)).collect();
    let tags = Regex::new("<[^>]*>").unwrap();
    texts.extend(outside(&tags.replace_all(&page, "\u{1}")));
    texts
}

/// The pieces of a text that stand in no brackets.
fn outside(text: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '⟦' => depth += 1,
            '⟧' => {
                depth -= 1;
                kept.push('\u{1}');
            }
            c if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    assert_eq!(depth, 0, "brackets do not close: {text}");
    let pieces = kept.split(['\u{1}', '·']).map(str::trim);
    pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

#[test]
fn a_forgotten_text_is_found() {
    let page =
        "<h1>⟦Hello <b>Ann</b>, ⟦you⟧⟧</h1> <p title=\"Forgotten\">IT-1</p><p>Forgotten too</p>";
    let seen = visible(page);
    let unknown: Vec<_> = seen.iter().filter(|text| !is_data(text)).collect();
    assert_eq!(unknown, ["Forgotten", "Forgotten too"]);
}
