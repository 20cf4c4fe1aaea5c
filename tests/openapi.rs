//! Holds the stand-in JSM and the client against Atlassian's own `OpenAPI` document, where a copy of
//! it is at hand: named by `JSM_OPENAPI`, or beside the project. Without one nothing is checked,
//! and the tests say so.

#![cfg(test)]

#[path = "openapi/answers.rs"]
mod answers;
#[path = "support/jsm.rs"]
mod support;

use std::path::PathBuf;

use jsm_gate::jsm::check;
use sandbox::jsm::{Canned, JsmSettings};
use serde_json::Value;

use support::{Site, no_rules};

#[tokio::test]
async fn the_stand_ins_answers_have_atlassians_shapes() {
    let Some(document) = Document::at_hand() else { return };
    let site = Site::start(JsmSettings::cloud()).await;
    site.jsm.cap_pages(2);
    for (template, path) in [
        ("/rest/servicedeskapi/info", "/rest/servicedeskapi/info"),
        ("/rest/servicedeskapi/servicedesk", "/rest/servicedeskapi/servicedesk"),
        ("/rest/servicedeskapi/servicedesk", "/rest/servicedeskapi/servicedesk?start=1"),
        ("/rest/servicedeskapi/servicedesk/{serviceDeskId}", "/rest/servicedeskapi/servicedesk/12"),
        (
            "/rest/servicedeskapi/servicedesk/{serviceDeskId}/requesttype",
            "/rest/servicedeskapi/servicedesk/12/requesttype",
        ),
        ("/rest/servicedeskapi/requesttype", "/rest/servicedeskapi/requesttype?limit=1"),
    ] {
        let (status, answer) = fetch(&site, path).await;
        assert_eq!(status, 200, "{path}");
        let problems = document.problems(template, "200", &answer);
        assert!(problems.is_empty(), "{path}: {problems:#?}");
    }
    let (status, refusal) = fetch(&site, "/rest/servicedeskapi/servicedesk/999").await;
    let template = "/rest/servicedeskapi/servicedesk/{serviceDeskId}";
    assert_eq!(status, 404);
    assert_eq!(document.problems(template, "404", &refusal), Vec::<String>::new());
}

#[tokio::test]
async fn the_clients_requests_exist_in_atlassians_document() {
    let Some(document) = Document::at_hand() else { return };
    let site = Site::start(JsmSettings::cloud()).await;
    site.jsm.cap_pages(2);
    let directory = site.directory(no_rules());
    check(&site.client(), &directory).await;
    let _ = site.jsm.remove_desk("HR").unwrap();
    directory.refresh().await.unwrap();
    let requests = site.jsm.seen();
    let own = requests.iter().filter(|it| it.path().starts_with("/rest/servicedeskapi/"));
    let mut checked = 0;
    for request in own {
        let operation = document.operation(request.method.as_str(), request.path());
        let operation = operation.unwrap_or_else(|| panic!("{} is unknown", request.target));
        let query = request.target.split_once('?').map_or("", |(_, query)| query);
        for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
            assert!(has_query_parameter(operation, &name), "{}: {name}", request.target);
        }
        checked += 1;
    }
    assert!(checked >= 5, "{checked} requests");
}

#[tokio::test]
async fn the_checker_itself_finds_what_is_wrong() {
    let Some(document) = Document::at_hand() else { return };
    let site = Site::start(JsmSettings::cloud()).await;
    let wrong = r#"{"size":"two","isLastPage":true,"values":[{"id":12,"extra":1}]}"#;
    site.jsm.answer_next(1, &Canned::json(200, wrong));
    let (_, answer) = fetch(&site, "/rest/servicedeskapi/servicedesk").await;
    let problems = document.problems("/rest/servicedeskapi/servicedesk", "200", &answer);
    let all = problems.join("\n");
    for expected in
        ["$.size: not integer", "$.values[0].id: not string", "$.values[0].extra: unknown"]
    {
        assert!(all.contains(expected), "{expected} in {all}");
    }
}

async fn fetch(site: &Site, path: &str) -> (u16, Value) {
    let request = reqwest::Client::new()
        .get(format!("{}{path}", site.jsm.url()))
        .header("x-experimentalapi", "opt-in")
        .basic_auth(&site.settings.email, Some(&site.settings.token));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn has_query_parameter(operation: &Value, name: &str) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.into_iter().any(|it| it["in"] == "query" && it["name"] == name)
}

/// Atlassian's document, and as much of JSON Schema as it uses.
struct Document(Value);

impl Document {
    fn at_hand() -> Option<Self> {
        let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/reference/jsm-openapi.json");
        let path =
            std::env::var_os("JSM_OPENAPI").map_or_else(|| PathBuf::from(beside), PathBuf::from);
        let Ok(text) = std::fs::read(&path) else {
            println!(
                "NOTHING CHECKED: no copy of Atlassian's OpenAPI document at {}",
                path.display()
            );
            return None;
        };
        Some(Self(serde_json::from_slice(&text).unwrap()))
    }

    fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        let paths = self.0["paths"].as_object().unwrap();
        let (_, operations) = paths.iter().find(|(template, _)| fits(template, path))?;
        operations.get(method.to_ascii_lowercase())
    }

    /// What of `answer` is not as the document says.
    fn problems(&self, template: &str, status: &str, answer: &Value) -> Vec<String> {
        self.problems_of("get", template, status, answer)
    }

    /// The same for any method.
    fn problems_of(
        &self,
        method: &str,
        template: &str,
        status: &str,
        answer: &Value,
    ) -> Vec<String> {
        let response = &self.0["paths"][template][method]["responses"][status];
        let schema = &response["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{template} {status} has no schema");
        let mut problems = Vec::new();
        self.compare(schema, answer, "$", &mut problems);
        problems
    }

    fn compare(&self, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            let schema = self.0.pointer(reference.trim_start_matches('#')).unwrap();
            return self.compare(schema, value, at, problems);
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.compare(part, value, at, problems);
        }
        if let Some(kind) = schema["type"].as_str()
            && !is_a(kind, value)
        {
            problems.push(format!("{at}: not {kind}"));
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.compare(&schema["items"], item, &format!("{at}[{index}]"), problems);
        }
        self.compare_fields(schema, value, at, problems);
    }

    fn compare_fields(&self, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
        let Some(fields) = value.as_object() else { return };
        for required in schema["required"].as_array().into_iter().flatten() {
            if !fields.contains_key(required.as_str().unwrap()) {
                problems.push(format!("{at}.{}: missing", required.as_str().unwrap()));
            }
        }
        for (name, field) in fields {
            let at = format!("{at}.{name}");
            match (&schema["properties"][name], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => problems.push(format!("{at}: unknown")),
                (Value::Null, other) => self.compare(other, field, &at, problems),
                (known, _) => self.compare(known, field, &at, problems),
            }
        }
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    let same = |(template, actual): (&&str, &&str)| template.starts_with('{') || template == actual;
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

fn is_a(kind: &str, value: &Value) -> bool {
    match kind {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        other => panic!("the document has the type {other}"),
    }
}
