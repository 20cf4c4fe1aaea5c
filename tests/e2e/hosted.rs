//! Portals that the gate serves itself, in headless Chromium.

use std::collections::BTreeMap;

use rstest::rstest;
use sandbox::jsm::JsmSettings;
use serde::Deserialize;
use serde_json::json;

use crate::hosted_world::{ANN, ID_OF_ANN, World};
use crate::node::{browser, in_browser};
use crate::routes::{ROUTES, Shown};
use crate::visitor::Visitor;

/// Each route of the gate that shows a page to somebody who is logged in, with and without scripts, light
/// and dark, on the narrowest phone and on a desk: nothing scrolls sideways, and axe finds no barrier. On Data
/// Center JSM tells less and in other shapes, and has no help articles.
#[rstest]
#[case::cloud(JsmSettings::cloud(), "cloud", 200)]
#[case::data_center(JsmSettings::data_center(), "data-center", 404)]
#[tokio::test(flavor = "multi_thread")]
async fn no_page_of_the_gate_shuts_anybody_out(
    #[case] jsm: JsmSettings,
    #[case] deployment: &str,
    #[case] article: u16,
) {
    let world = World::start(jsm).await;
    let key = world.request_with_everything();

    let shown = ROUTES.iter().filter_map(|(route, shown)| match shown {
        Shown::At(address) => Some((route, address.replace("{key}", &key))),
        Shown::Walked | Shown::Never => None,
    });
    let name =
        |route: &str| format!("{deployment}{}", route.replace(['{', '}'], "").replace('/', "-"));
    let pages: Vec<_> = shown
        .map(|(route, address)| json!({ "page": name(route), "open": world.gate.at(&address) }))
        .collect();

    let ends = look_at(&pages);

    assert_eq!(ends.len(), pages.len());
    for (page, end) in ends {
        let expected = if page.contains("-kb-") { article } else { 200 };
        assert_eq!(end.status, expected, "{page}: {}", end.text);
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
    for (status, body) in as_bob(&world, &addresses).await {
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
        progress: String,
        files_under_way: usize,
        files: Vec<String>,
        said: String,
        typed_still: String,
        request: String,
        drafts_after_sending: Vec<String>,
        offered_again: bool,
        drafts_after_a_week: Vec<String>,
        drafts_after_logout: Vec<String>,
        complaints: Vec<String>,
    }
    let world = World::start(JsmSettings::cloud()).await;

    let form = world.gate.at("/p/it/create/66");
    let seen: Seen = in_browser("form.mjs", &[format!("--form={form}"), format!("--name={ANN}")]);

    let typed = "My second screen stays dark";
    assert!(!seen.offered_at_first && !seen.offered_still && !seen.offered_again);
    assert_eq!((seen.taken_up.as_str(), seen.typed_still.as_str()), (typed, typed));
    let percent = seen.progress.strip_prefix("Uploading: ").and_then(|it| it.strip_suffix(" %"));
    let percent: u32 = percent.expect(&seen.progress).parse().unwrap();
    assert!((1..100).contains(&percent) && seen.files_under_way == 3, "{}", seen.progress);
    let all = ["cable.txt", "plug.txt", "screen.txt", "log.txt"];
    assert_eq!(seen.files, all);
    assert_eq!(seen.said, "Uploaded");
    let key = seen.request.rsplit('/').next().unwrap().split('?').next().unwrap();
    let files = world.jsm.files(key).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(files, all);
    assert_eq!(seen.drafts_after_sending, Vec::<String>::new());
    assert_eq!(seen.drafts_after_a_week, Vec::<String>::new());
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

/// A page that was looked at.
#[derive(Debug, Deserialize)]
struct End {
    status: u16,
    text: String,
}

/// Pages as Bob sees them, by their whole addresses.
async fn as_bob(world: &World, addresses: &[String]) -> Vec<(u16, String)> {
    let mut bob = Visitor::new(&world.gate.certificate);
    let asked = bob.open(&world.gate.at("/")).await;
    bob.submit(&asked, "/login", &[("username", "bob"), ("password", "demo")]).await;
    let mut pages = Vec::new();
    for address in addresses {
        let page = bob.open(address).await;
        pages.push((page.status.as_u16(), page.body));
    }
    pages
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
