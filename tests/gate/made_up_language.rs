//! All pages in a made-up language, in which every text of the catalogue stands in ⟦brackets⟧: those that open by
//! their addresses, those that forms answer with, and what scripts and spreadsheets get. What stands outside of
//! the brackets is data, or a text that somebody forgot to put into the catalogue.

use std::fs;

use fluent_syntax::ast::{Entry, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};
use regex::Regex;
use reqwest::{Method, RequestBuilder, Response};
use sandbox::jsm::{Canned, Choice, Desk, JsmSettings};
use tempfile::TempDir;

use crate::hosted_acts::ticket;
use crate::hosted_forms::{ANN, send};
use crate::hosted_site::{OPEN_IT, with_customers};
use crate::site::{Site, site};
use crate::visitor::Visitor;

/// The desk whose form has every kind of field.
fn every_kind() -> Desk {
    Desk::with_every_kind_of_field(9, "ALL")
}

/// What people, JSM and the configuration call things. It is the same in every language.
const DATA: &[&str] = &[
    ".",
    "A system, a folder or a group.",
    "AA",
    "Acme",
    "Access and equipment",
    "Back to support",
    "Resolve this request",
    "Alex Agent",
    "Ann Example",
    "EO",
    "Example Organisation",
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
    "Time to first response",
    "Typed text",
    "High",
    "Waiting for support",
    "ann@example.com",
    "cable.txt",
];

/// Data of which only the shape is known: numbers of requests and the like.
const SHAPES: &[&str] = &[
    "[A-Z]+-[0-9]+( My screen is dark)?", // the key of a request
    "[0-9a-f]{16}",                       // the id of a request to the gate
    "(English|Deutsch|Français|Español|日本語)",
    "127\\.0\\.0\\.1:[0-9]+", // the name of the site
    "[·,]+",
    "x+",          // a long text that somebody typed
    "31",          // a short one
    "[0-9T:.-]+Z", // a moment in a file
];

#[tokio::test(flavor = "multi_thread")]
async fn every_text_that_people_see_is_in_the_catalogue() {
    let spoken = Spoken::start().await;
    let key = spoken.request();
    let mut found = Vec::new();
    let mut stranger = spoken.site.visitor();
    for path in STRANGERS {
        found.extend(spoken.forgotten(&mut stranger, path).await);
    }
    let mut ann = spoken.site.logged_in("ann").await;
    for path in ANNS {
        found.extend(spoken.forgotten(&mut ann, &path.replace("{key}", &key)).await);
    }
    for said in said() {
        found.extend(spoken.forgotten(&mut ann, &format!("/p/it/{key}?said={said}")).await);
    }
    assert!(found.is_empty(), "not of the catalogue:\n{}", found.join("\n"));
}

/// The form of a new request: wrong in every kind of field, with files, and as JSM does not take it.
#[tokio::test(flavor = "multi_thread")]
async fn every_text_that_the_form_of_a_request_answers_is_in_the_catalogue() {
    let spoken = Spoken::start().await;
    let mut ann = spoken.site.logged_in("ann").await;
    let form = "/p/all/create/901";
    let ticket = spoken.ticket(&mut ann, form, form).await;
    let mut found = Vec::new();
    for typed in ["", "Typed text", &"x".repeat(300), "31"] {
        let mut pairs = vec![("ticket", ticket.as_str())];
        pairs.extend(EVERY_INPUT.map(|name| (name, typed)));
        let sent = send(&spoken.site, &mut ann, form, &pairs).await;
        found.extend(spoken.outside_of("a wrong form", &sent.body));
    }
    for body in [multipart(&ticket, "upload", ""), multipart(&ticket, "upload", "red")] {
        found.extend(spoken.posted(&mut ann, form, body).await);
    }

    let form = "/p/it/create/66";
    let refused = r#"{"errorMessage":"Typed text","errorMessages":[],"errors":{}}"#;
    for fault in [
        Canned::json(400, refused),
        Canned::json(429, "{}").header("retry-after", "0"),
        Canned::lost(),
    ] {
        let ticket = spoken.ticket(&mut ann, form, form).await;
        spoken
            .site
            .jsm
            .answer_next(1, &fault.for_calls(Method::POST, "/rest/servicedeskapi/request"));
        let pairs = [("ticket", ticket.as_str()), ("summary", "Typed text")];
        let sent = send(&spoken.site, &mut ann, form, &pairs).await;
        found.extend(spoken.outside_of("a form that JSM does not take", &sent.body));
    }
    assert!(found.is_empty(), "not of the catalogue:\n{}", found.join("\n"));
}

/// Everything that is done to a request, wrongly and rightly.
#[tokio::test(flavor = "multi_thread")]
async fn every_text_that_an_act_answers_is_in_the_catalogue() {
    let spoken = Spoken::start().await;
    let (key, mut ann) = (spoken.request(), spoken.site.logged_in("ann").await);
    let page = format!("/p/it/{key}");
    let step = format!("{page}/transition/761");
    let long = "x".repeat(20_001);
    let mut found = Vec::new();
    for (shown, action, pairs) in [
        (&page, "comment", vec![("body", ""), ("act", "send")]),
        (&page, "comment", vec![("body", long.as_str()), ("act", "send")]),
        (&page, "comment", vec![("body", "Typed text"), ("act", "preview")]),
        (&page, "comment", vec![("body", "Typed text"), ("act", "11")]),
        (&page, "participants", vec![("person", "")]),
        (&page, "participants", vec![("person", "Typed text")]),
        (&step, "transition/761", vec![("body", long.as_str())]),
    ] {
        let ticket = spoken.ticket(&mut ann, shown, action).await;
        let pairs = [vec![("ticket", ticket.as_str())], pairs].concat();
        let sent = send(&spoken.site, &mut ann, &format!("{page}/{action}"), &pairs).await;
        found.extend(spoken.outside_of(action, &sent.body));
    }
    let comments = |fault: Canned| fault.for_calls(Method::POST, "/comment");
    for fault in [
        comments(Canned::json(403, "{}")),
        comments(Canned::json(429, "{}").header("retry-after", "0")),
    ] {
        let ticket = spoken.ticket(&mut ann, &page, "/comment").await;
        spoken.site.jsm.answer_next(1, &fault);
        let pairs = [("ticket", ticket.as_str()), ("body", "Typed text"), ("act", "send")];
        let sent = send(&spoken.site, &mut ann, &format!("{page}/comment"), &pairs).await;
        found.extend(spoken.outside_of("a reply that JSM does not take", &sent.body));
    }
    spoken.site.jsm.revoke_permission("TRANSITION_ISSUES");
    let ticket = spoken.ticket(&mut ann, &step, "/transition").await;
    let sent = send(&spoken.site, &mut ann, &step, &[("ticket", &ticket)]).await;
    found.extend(spoken.outside_of("a step that JSM does not take", &sent.body));
    assert!(found.is_empty(), "not of the catalogue:\n{}", found.join("\n"));
}

/// What was typed in vain is kept, and shown again; a form that is out of date, or somebody else's, is refused.
#[tokio::test(flavor = "multi_thread")]
async fn every_text_about_a_form_that_is_not_taken_is_in_the_catalogue() {
    let spoken = Spoken::start().await;
    let (key, mut ann) = (spoken.request(), spoken.site.logged_in("ann").await);
    let page = format!("/p/it/{key}");
    let mut found = Vec::new();
    for (shown, action, input) in [
        ("/p/it/create/66".to_owned(), "/p/it/create/66".to_owned(), "summary"),
        (page.clone(), format!("{page}/comment"), "body"),
        (format!("{page}/transition/761"), format!("{page}/transition/761"), "body"),
    ] {
        let ticket = spoken.ticket(&mut ann, &shown, &action).await;
        let pairs = [("ticket", ticket.as_str()), (input, "Typed text")];
        let mut stranger = spoken.site.visitor();
        let kept = send(&spoken.site, &mut stranger, &action, &pairs).await;
        found.extend(spoken.outside_of("kept", &kept.body));
        let shown_again = spoken.forgotten(&mut ann, &shown).await;
        found.extend(shown_again);
        let pairs = [("ticket", "x"), (input, "Typed text")];
        let odd = send(&spoken.site, &mut ann, &action, &pairs).await;
        found.extend(spoken.outside_of("out of date", &odd.body));
    }
    let logout = send(&spoken.site, &mut ann, "/_gate/logout", &[("token", "x")]).await;
    found.extend(spoken.outside_of("a logout of somebody else's", &logout.body));
    for email in ["", "Typed text", "ann@nowhere.example"] {
        let pairs = [("email", email), ("return_to", "/")];
        let sent = send(&spoken.site, &mut spoken.site.visitor(), "/_gate/login", &pairs).await;
        found.extend(spoken.outside_of("choosing by address", &sent.body));
    }
    assert!(found.is_empty(), "not of the catalogue:\n{}", found.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_about_an_outage_is_in_the_catalogue() {
    let spoken = Spoken::start().await;
    let (key, mut ann) = (spoken.request(), spoken.site.logged_in("ann").await);
    let form = "/p/it/create/66";
    let ticket = spoken.ticket(&mut ann, form, form).await;
    spoken.forgotten(&mut ann, "/p/it").await;
    spoken.site.jsm.go_down().await;
    let mut found = Vec::new();
    for path in [
        "/p/it",
        "/p/it/search?q=screen",
        "/p/it/requests",
        form,
        "/p/all",
        &format!("/p/it/{key}"),
    ] {
        found.extend(spoken.forgotten(&mut ann, path).await);
    }
    let pairs = [("ticket", ticket.as_str()), ("summary", "Typed text")];
    let sent = send(&spoken.site, &mut ann, form, &pairs).await;
    found.extend(spoken.outside_of("a form during an outage", &sent.body));
    assert!(found.is_empty(), "not of the catalogue:\n{}", found.join("\n"));
}

/// What a script puts on a page, and what a spreadsheet shows.
#[tokio::test(flavor = "multi_thread")]
async fn every_text_for_scripts_and_spreadsheets_is_in_the_catalogue() {
    let spoken = Spoken::start().await;
    spoken.request();
    let mut ann = spoken.site.logged_in("ann").await;
    let get = async |ann: &mut Visitor, path: &str| -> Response {
        ann.request(Method::GET, &spoken.site.at(path), |get| get).await
    };
    let suggested: serde_json::Value =
        get(&mut ann, "/p/it/suggestions?q=equipment").await.json().await.unwrap();
    let mut texts = vec![suggested["said"].as_str().unwrap().to_owned()];
    let suggestions = suggested["suggestions"].as_array().unwrap();
    texts.extend(suggestions.iter().map(|it| it["name"].as_str().unwrap().to_owned()));
    assert_eq!(texts.len(), 2, "{suggested}");
    let file = get(&mut ann, "/p/it/requests.csv").await.text().await.unwrap();
    let mut rows = csv::ReaderBuilder::new().has_headers(false).from_reader(file.as_bytes());
    texts.extend(rows.deserialize::<Vec<String>>().flat_map(Result::unwrap));
    let outside = texts.iter().flat_map(|text| outside(text));
    let unknown: Vec<_> = outside.filter(|text| !spoken.is_data(text)).collect();
    assert!(unknown.is_empty(), "not of the catalogue: {unknown:?}");
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
    "/_gate/saml/app/sso?SAMLRequest=x",
    "/_gate/saml/app/sso?SAMLRequest=x&SAMLRequest=x",
    "/_gate/saml/app/answer?request=x",
    "/_gate/saml/app/logout?SAMLRequest=x",
    "/_gate/saml/nobody/sso",
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
    "/p/all",
    "/p/all/create/901",
    "/p/it/requests",
    "/p/it/requests?column=by&column=sla",
    "/p/it/requests?whose=shared",
    "/p/it/{key}",
    "/p/it/{key}/transition/761",
    "/p/it/IT-4711",
    "/p/hr",
    "/p/nothing",
    "/secure/Dashboard.jspa",
    "/_gate/saml/app/start",
    "/_gate/saml/app/start?RelayState=a&RelayState=b",
    "/_gate/saml/closed/start",
    "/_gate/saml/nameless/start",
];

/// Their ids, and who gets in.
const SERVICE_PROVIDERS: [(&str, &str); 3] = [
    ("app", ""),
    ("closed", "access = \"private\"\nallow = { groups = [\"nobody\"] }"),
    ("nameless", "name_id = \"{number}\""),
];

/// What the address of a request may say was just done.
fn said() -> Vec<&'static str> {
    let source = include_str!("../../src/portal/hosted/said.rs");
    let (_, list) = source.split_once("const SAID: ").unwrap();
    let list = list.split("];").next().unwrap();
    let names = list.lines().filter_map(|line| line.trim().strip_prefix("(\""));
    let names: Vec<_> = names.filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.len() >= 12, "{names:?}");
    names
}

/// The inputs of the form with every kind of field.
const EVERY_INPUT: [&str; 34] = [
    "summary",
    "description",
    "environment",
    "duedate-day",
    "duedate-month",
    "duedate-year",
    "labels",
    "customfield_10101",
    "customfield_10102",
    "customfield_10103",
    "customfield_10104-day",
    "customfield_10104-month",
    "customfield_10104-year",
    "customfield_10105-day",
    "customfield_10105-month",
    "customfield_10105-year",
    "customfield_10105-time",
    "customfield_10106",
    "customfield_10107",
    "customfield_10121",
    "customfield_10122",
    "customfield_10123",
    "customfield_10124",
    "customfield_10125",
    "components",
    "versions",
    "fixVersions",
    "customfield_10126",
    "customfield_10127",
    "priority",
    "customfield_10141",
    "customfield_10142",
    "customfield_10031",
    "customfield_10032",
];

/// A gate whose English is made up.
struct Spoken {
    site: Site,
    /// What the desks call things.
    data: Vec<String>,
    _texts: TempDir,
}

impl Spoken {
    async fn start() -> Self {
        let texts = TempDir::new().unwrap();
        let english = made_up(include_str!("../../src/web/texts/en.ftl"));
        fs::write(texts.path().join("en.ftl"), english).unwrap();
        let toml = format!(
            "[branding]\ntexts_dir = {:?}\n[hosted]\norganization_requests = \"comment\"\n\
             show_fields = [\"priority\", \"assignee\", \"sla\"]\n\
             {OPEN_IT}\
             [[portal]]\nproject = \"ALL\"\nmode = \"hosted\"\nopen_desk = true\n\
             [[portal]]\nproject = \"HR\"\naccess = \"private\"\nallow = {{ groups = [\"nobody\"] }}",
            texts.path()
        );
        let desks = [Desk::demo(), vec![every_kind()]].concat();
        let data = desks.iter().flat_map(names).collect();
        let jsm = JsmSettings::cloud().with_desks(desks);
        let provider = "email_domains = [\"example.com\"]\n\
                        attributes = { extra = { number = \"number\" } }";
        let site = site().in_front_of(jsm).with_provider(provider).with(&toml);
        let app = |(id, keys): (&str, &str)| {
            let (entity_id, acs) = (format!("https://{id}.example"), "https://app.example/acs");
            format!("id = \"{id}\"\nentity_id = \"{entity_id}\"\nacs_url = \"{acs}\"\n{keys}")
        };
        let site = SERVICE_PROVIDERS
            .map(app)
            .iter()
            .fold(site, |site, app| site.with_service_provider(app));
        let site = with_customers(site).await;
        site.jsm.list_customer("ALL", ANN);
        site.jsm.add_organization("Acme", &[ANN], &["IT", "ALL"]);
        Self { site, data, _texts: texts }
    }

    /// The key of a request of Ann's.
    fn request(&self) -> String {
        let key = self.site.jsm.add_request("IT", ANN, "My screen is dark");
        self.site.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
        key
    }

    /// The ticket of a form on a page.
    async fn ticket(&self, visitor: &mut Visitor, path: &str, action: &str) -> String {
        ticket(&visitor.open(&self.site.at(path)).await, action)
    }

    /// What a page shows that is neither of the catalogue nor data.
    async fn forgotten(&self, visitor: &mut Visitor, path: &str) -> Vec<String> {
        let asks = |get: RequestBuilder| {
            get.header("accept", "text/html").header("sec-fetch-mode", "navigate")
        };
        let answer = visitor.request(Method::GET, &self.site.at(path), asks).await;
        self.outside_of(path, &answer.text().await.unwrap())
    }

    /// The same of the answer to a form with a file.
    async fn posted(&self, visitor: &mut Visitor, path: &str, body: String) -> Vec<String> {
        let post = |post: RequestBuilder| {
            let post = post.header("content-type", "multipart/form-data; boundary=b").body(body);
            post.header("origin", &self.site.url).header("accept", "text/html")
        };
        let answer = visitor.request(Method::POST, &self.site.at(path), post).await;
        self.outside_of("a form with a file", &answer.text().await.unwrap())
    }

    fn outside_of(&self, called: &str, page: &str) -> Vec<String> {
        let unknown = visible(page).into_iter().filter(|text| !self.is_data(text));
        unknown.map(|text| format!("{called}: {text:?}")).collect()
    }

    fn is_data(&self, text: &str) -> bool {
        is_data(text) || self.data.iter().any(|data| data == text)
    }
}

/// Everything that a desk calls by a name.
fn names(desk: &Desk) -> Vec<String> {
    let choice = |it: &Choice| {
        let below = it.children.iter().map(|child| child.label.clone());
        below.chain([it.label.clone()]).collect::<Vec<_>>()
    };
    let mut names = vec![desk.name.replace('&', "&amp;"), desk.key.clone()];
    for group in &desk.groups {
        names.push(group.name.clone());
        for it in &group.types {
            names.extend([it.name.clone(), it.description.clone(), it.help_text.clone()]);
            for field in &it.fields {
                names.extend([field.name.clone(), field.description.clone()]);
                names.extend(field.choices.iter().flat_map(choice));
            }
        }
    }
    names
}

/// A form with a file of this content.
fn multipart(ticket: &str, act: &str, content: &str) -> String {
    let part = |head: &str, body: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n")
    };
    let file = "name=\"attachment\"; filename=\"cable.txt\"\r\nContent-Type: text/plain";
    let parts = [
        part("name=\"ticket\"", ticket),
        part("name=\"summary\"", "Typed text"),
        part(file, content),
        part("name=\"act\"", act),
    ];
    format!("{}--b--\r\n", parts.concat())
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

fn is_data(text: &str) -> bool {
    let is_of = |shape: &&str| Regex::new(&format!("^(?:{shape})$")).unwrap().is_match(text);
    DATA.contains(&text) || SHAPES.iter().any(is_of)
}

/// The texts of a page outside of brackets, those of attributes that are read out among them.
fn visible(page: &str) -> Vec<String> {
    let places = Regex::new("<option value=\"[A-Z][A-Za-z]+/[^<]*</option>").unwrap();
    // What is in English on purpose says so.
    let english = Regex::new("<dd lang=\"en\">[^<]*</dd>").unwrap();
    let scripts = Regex::new("(?s)<script.*?</script>").unwrap();
    // The code of a problem, below which its words stand.
    let codes = Regex::new("<dd>[a-z]+(-[a-z]+)*</dd>").unwrap();
    let page = scripts.replace_all(page, "");
    let page = codes.replace_all(&page, "");
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
