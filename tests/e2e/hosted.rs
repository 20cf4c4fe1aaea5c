//! Portals that the gate serves itself, in headless Chromium.

use std::collections::BTreeMap;

use sandbox::jsm::{Account, Article, Desk, Jsm, JsmSettings};
use sandbox::provider::{Provider, ProviderSettings};
use serde::Deserialize;
use serde_json::json;

use crate::gate::{Gate, Neighbours, free_address};
use crate::node::{CLIENT_SECRET, in_browser};
use crate::routes::{ROUTES, Shown};
use crate::world::gate_in_front_of;

const ANN: &str = "Ann Example";
const ID_OF_ANN: &str = "id-of-ann";

/// Each route of the gate that shows a page to somebody who is logged in, with and without scripts, light
/// and dark, on the narrowest phone and on a desk: nothing scrolls sideways, and axe finds no barrier.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_gate_shuts_anybody_out() {
    let world = World::start(JsmSettings::cloud()).await;
    let key = world.request_with_everything();

    let shown = ROUTES.iter().filter_map(|(route, shown)| match shown {
        Shown::At(address) => Some((route, address.replace("{key}", &key))),
        Shown::Walked | Shown::Never => None,
    });
    let name = |route: &str| route.replace(['{', '}'], "").replace('/', "-");
    let pages: Vec<_> = shown
        .map(|(route, address)| json!({ "page": name(route), "open": world.gate.at(&address) }))
        .collect();

    let ends = look_at(&pages);

    assert_eq!(ends.len(), pages.len());
    for (page, end) in ends {
        assert_eq!(end.status, 200, "{page}: {}", end.text);
    }
}

/// Without scripts all of it works by buttons, which other tests press.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_a_draft_and_uploads_files_while_the_form_is_filled_in() {
    #[derive(Deserialize)]
    struct Seen {
        offered_at_first: bool,
        taken_up: String,
        offered_still: bool,
        files: Vec<String>,
        said: String,
        typed_still: String,
        request: String,
        drafts_after_sending: Vec<String>,
        offered_again: bool,
        drafts_after_logout: Vec<String>,
        complaints: Vec<String>,
    }
    let world = World::start(JsmSettings::cloud()).await;

    let form = world.gate.at("/p/it/create/66");
    let seen: Seen = in_browser("form.mjs", &[format!("--form={form}"), format!("--name={ANN}")]);

    let typed = "My second screen stays dark";
    assert!(!seen.offered_at_first && !seen.offered_still && !seen.offered_again);
    assert_eq!((seen.taken_up.as_str(), seen.typed_still.as_str()), (typed, typed));
    assert_eq!(seen.files, ["cable.txt", "plug.txt"]);
    assert_eq!(seen.said, "Uploaded");
    let key = seen.request.rsplit('/').next().unwrap().split('?').next().unwrap();
    let files = world.jsm.files(key).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(files, ["cable.txt", "plug.txt"]);
    assert_eq!(seen.drafts_after_sending, Vec::<String>::new());
    assert_eq!(seen.drafts_after_logout, Vec::<String>::new());
    assert_eq!(seen.complaints, Vec::<String>::new());
}

/// A gate between the stand-ins, whose portals are all hosted.
struct World {
    jsm: Jsm,
    _provider: Provider,
    gate: Gate,
}

/// A page that was looked at.
#[derive(Debug, Deserialize)]
struct End {
    status: u16,
    text: String,
}

impl World {
    async fn start(settings: JsmSettings) -> Self {
        let client_secret = Some(CLIENT_SECRET.to_owned());
        let provider = ProviderSettings { client_secret, ..ProviderSettings::default() };
        let provider = Provider::start(provider).await.unwrap();
        let jsm = Jsm::start(settings).await.unwrap();
        jsm.add_desk(Desk::with_every_kind_of_field(9, "ALL"));
        jsm.add_account(Account::customer(ANN, "ann@example.com").with_id(ID_OF_ANN));
        for desk in ["IT", "ALL"] {
            jsm.list_customer(desk, ID_OF_ANN);
        }
        let more = "[portals]\nmode = \"hosted\"\n[hosted]\nknowledge_base = \"public\"\n\
                    show_fields = [\"priority\", \"assignee\", \"sla\"]\n[[portal]]\nproject = \"ALL\"\n\
                    description = \"Everything\"\nannouncement = { text = \"Closed on Friday\" }";
        jsm.add_article(Article {
            id: 100,
            title: "Which cable".to_owned(),
            excerpt: "By its colour".to_owned(),
            html: "<h2>Colours</h2><p>Red goes to red.</p>".to_owned(),
            project: Some("ALL".to_owned()),
        });
        let special = Neighbours { more, ..Neighbours::default() };
        let mut gate = gate_in_front_of(&jsm, free_address(), provider.issuer(), &special).await;
        gate.until_provider_answers().await;
        Self { jsm, _provider: provider, gate }
    }

    /// The key of a request of Ann's that has whatever a request can have.
    fn request_with_everything(&self) -> String {
        let key = self.jsm.add_request("ALL", ID_OF_ANN, "My screen is dark");
        let bob = Account::customer("Bob Example", "bob@example.com").with_id("id-of-bob");
        self.jsm.add_account(bob);
        let id = self.jsm.add_organization("Acme", &[ID_OF_ANN], &["ALL"]);
        self.jsm.change_request(&key, |request| {
            request.participants = vec!["id-of-bob".to_owned()];
            request.organizations = vec![id];
        });
        self.jsm.answer(&key, "Have you tried the *other* cable?");
        self.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
        self.jsm.ask_approval(&key, &["id-of-bob"]);
        key
    }
}

/// Opens each page as Ann. None may have shut anybody out.
fn look_at(pages: &[serde_json::Value]) -> BTreeMap<String, End> {
    #[derive(Deserialize)]
    struct Seen {
        ends: BTreeMap<String, End>,
        complaints: Vec<String>,
    }
    let options = [format!("--name={ANN}"), format!("--pages={}", json!(pages))];
    let seen: Seen = in_browser("pages.mjs", &options);
    assert_eq!(seen.complaints, Vec::<String>::new());
    seen.ends
}
