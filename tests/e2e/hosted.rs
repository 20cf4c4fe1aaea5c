//! Portals that the gate serves itself, in headless Chromium.

use std::collections::BTreeMap;

use rstest::rstest;
use sandbox::jsm::{
    Account, Article, Desk, Field, FieldKind, Jsm, JsmSettings, RequestType, RequestTypeGroup,
};
use sandbox::provider::{Provider, ProviderSettings};
use serde::Deserialize;
use serde_json::json;

use crate::gate::{Gate, Neighbours, free_address};
use crate::node::{CLIENT_SECRET, browser, in_browser};
use crate::routes::{ROUTES, Shown};
use crate::visitor::Visitor;
use crate::world::gate_in_front_of;

const ANN: &str = "Ann Example";
const ID_OF_ANN: &str = "id-of-ann";
const ID_OF_BOB: &str = "id-of-bob";

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

/// The whole way, and then somebody else who tries each address of it.
#[rstest]
#[case::cloud(JsmSettings::cloud(), true)]
#[case::cloud_without_scripts(JsmSettings::cloud(), false)]
#[case::data_center(JsmSettings::data_center(), true)]
#[case::data_center_without_scripts(JsmSettings::data_center(), false)]
#[tokio::test(flavor = "multi_thread")]
async fn a_customer_gets_help_at_a_hosted_portal(#[case] jsm: JsmSettings, #[case] scripts: bool) {
    #[derive(Deserialize)]
    struct Seen {
        key: String,
        title_after_mistakes: String,
        mistakes: Vec<String>,
        kept: String,
        request: String,
        files: Vec<String>,
        list: String,
        preview: String,
        thread: String,
        at_last: String,
        asked_again_at: String,
        complaints: Vec<String>,
    }
    let world = World::start(jsm).await;
    let summary = "My second screen stays dark";
    let answer = "Have you tried the other cable?";
    let options = [
        format!("--link={}", world.gate.at("/p/all")),
        format!("--name={ANN}"),
        format!("--answer={answer}"),
        format!("--scripts={scripts}"),
    ];
    let browser = browser("hosted-journey.mjs", &options);
    let key = browser.line("commented ").split_off("commented ".len());
    world.jsm.answer(&key, answer);
    let seen: Seen = serde_json::from_str(&browser.line("{")).unwrap();

    assert!(seen.title_after_mistakes.starts_with("Error: "), "{}", seen.title_after_mistakes);
    assert_eq!((seen.mistakes.len(), seen.kept.as_str()), (5, summary), "{:?}", seen.mistakes);
    for shown in [summary, "Since this morning.", "cable.txt", ANN] {
        assert!(seen.request.contains(shown), "no {shown}: {}", seen.request);
    }
    assert!(seen.list.contains(&seen.key) && seen.list.contains(summary), "{}", seen.list);
    assert_eq!(seen.preview, "dark");
    for shown in [ANN, "It is dark still.", answer] {
        assert!(seen.thread.contains(shown), "no {shown}: {}", seen.thread);
    }
    assert!(seen.at_last.contains("Resolved") && seen.at_last.contains("Acme"), "{}", seen.at_last);
    assert!(seen.asked_again_at.starts_with(world.provider.issuer()), "still logged in");
    assert_eq!(seen.complaints, Vec::<String>::new());
    let raised = world.jsm.request(&seen.key).unwrap();
    assert_eq!(
        (raised.reporter.as_deref(), raised.organizations),
        (Some(ID_OF_ANN), vec![world.acme()])
    );
    assert_eq!(world.jsm.files(&seen.key).len(), 2);

    let page = world.gate.at(&format!("/p/all/{}", seen.key));
    let addresses: Vec<_> = seen.files.into_iter().chain([page]).collect();
    assert_eq!(addresses.len(), 3);
    for (status, body) in world.as_bob(&addresses).await {
        assert_eq!(status, 404);
        assert!(!body.contains(summary) && !body.contains("the cable"), "{body}");
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

/// Without scripts the button does the same search, the whole list is there, and the answer to the form counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_suggests_counts_and_narrows_while_somebody_types() {
    #[derive(Deserialize)]
    struct Seen {
        role: String,
        suggested: Vec<String>,
        said: String,
        chosen: String,
        active: String,
        past_the_last: String,
        after_escape: String,
        expanded_after_escape: String,
        searched: String,
        clicked_to: String,
        left: Vec<String>,
        narrowed: Vec<String>,
        nothing: Vec<serde_json::Value>,
        still_at: String,
        complaints: Vec<String>,
    }
    let world = World::start(JsmSettings::cloud()).await;
    let form = world.gate.at("/p/many/create/801");
    let home = format!("--home={}", world.gate.at("/p/it"));
    let options = [home, format!("--form={form}"), format!("--name={ANN}")];
    let seen: Seen = in_browser("typing.mjs", &options);

    assert_eq!((seen.role.as_str(), seen.said.as_str()), ("combobox", "1 suggestion"));
    assert_eq!(seen.suggested, ["New equipment"]);
    assert_eq!((seen.chosen.as_str(), seen.active.as_str()), ("New equipment", "New equipment"));
    assert_eq!((seen.past_the_last.as_str(), seen.after_escape.as_str()), ("equip", "equip"));
    assert_eq!(seen.expanded_after_escape, "false");
    assert_eq!(seen.searched, "equip", "Enter searches for what was typed");
    assert_eq!(seen.clicked_to, world.gate.at("/p/it/create/68"));
    assert_eq!(seen.left, ["Characters left: 55", "Characters too many: 5", ""]);
    assert_eq!(seen.narrowed, ["Room 7", "Room 16"]);
    assert_eq!(seen.nothing, [true], "the message alone");
    assert_eq!(seen.still_at, form);
    assert_eq!(seen.complaints, Vec::<String>::new());
}

/// A gate between the stand-ins, whose portals are all hosted.
struct World {
    jsm: Jsm,
    provider: Provider,
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
        jsm.add_desk(many_choices());
        jsm.add_account(Account::customer(ANN, "ann@example.com").with_id(ID_OF_ANN));
        jsm.add_account(Account::customer("Bob Example", "bob@example.com").with_id(ID_OF_BOB));
        for (desk, id) in
            [("IT", ID_OF_ANN), ("MANY", ID_OF_ANN), ("ALL", ID_OF_ANN), ("ALL", ID_OF_BOB)]
        {
            jsm.list_customer(desk, id);
        }
        jsm.add_organization("Acme", &[ID_OF_ANN], &["ALL"]);
        let more = "[portals]\nmode = \"hosted\"\n[hosted]\norganization_requests = \"read\"\nknowledge_base = \"public\"\n\
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
        Self { jsm, provider, gate }
    }

    /// The key of a request of Ann's that has whatever a request can have.
    fn request_with_everything(&self) -> String {
        let key = self.jsm.add_request("ALL", ID_OF_ANN, "My screen is dark");
        let acme = self.acme();
        self.jsm.change_request(&key, |request| {
            request.participants = vec![ID_OF_BOB.to_owned()];
            request.organizations = vec![acme];
        });
        self.jsm.answer(&key, "Have you tried the *other* cable?");
        self.jsm.answer_with_file(&key, "cable.txt", "red goes to red");
        self.jsm.ask_approval(&key, &[ID_OF_BOB]);
        key
    }

    fn acme(&self) -> u64 {
        self.jsm.organizations()[0].id
    }

    /// A page as Bob sees it, by its whole address.
    async fn as_bob(&self, addresses: &[String]) -> Vec<(u16, String)> {
        let mut bob = Visitor::new(&self.gate.certificate);
        let asked = bob.open(&self.gate.at("/")).await;
        bob.submit(&asked, "/login", &[("username", "bob"), ("password", "demo")]).await;
        let mut pages = Vec::new();
        for address in addresses {
            let page = bob.open(address).await;
            pages.push((page.status.as_u16(), page.body));
        }
        pages
    }
}

/// A desk with a long list to tick in.
fn many_choices() -> Desk {
    let rooms: Vec<_> =
        (1..=16).map(|at| ((10_800 + at).to_string(), format!("Room {at}"))).collect();
    let rooms: Vec<_> = rooms.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
    let field = Field::new("customfield_10801", "Rooms", FieldKind::Checkboxes);
    let visit = RequestType::new(801, "A visit", "").with_fields([field.with_choices(&rooms)]);
    let groups = vec![RequestTypeGroup::new(80, "All", [visit])];
    Desk { groups, ..Desk::new(8, "MANY", "Many choices") }
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
