//! Lists of requests, of a JSM that tells the service account everything.

use jsm_gate::domain::RequestTypeId;
use jsm_gate::jsm::requests::{RequestList, Search, SearchText, Sort};
use jsm_gate::portal::gatekeeper::{Visible, Wanted};
use rstest::rstest;
use sandbox::jsm::Status;

use super::seen::World;
use super::*;

fn summaries(list: &Visible<RequestList>) -> Vec<&str> {
    list.rows.iter().map(|row| row.summary.as_str()).collect()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn a_list_is_of_whom_it_is_asked_for(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    let (jsm, acme) = (&world.site.jsm, world.acme.id.get());
    jsm.add_request("IT", "ann", "of Ann");
    let shared = jsm.add_request("IT", "bob", "of Bob, with Ann");
    jsm.change_request(&shared, |it| it.participants.push("ann".to_owned()));
    let of_acme = jsm.add_request("IT", "cem", "of Cem, for Acme");
    jsm.change_request(&of_acme, |it| it.organizations.push(acme));
    let waiting = jsm.add_request("IT", "dan", "of Dan, for Ann to approve");
    jsm.ask_approval(&waiting, &["ann"]);
    jsm.add_request("HR", "ann", "of Ann, elsewhere");

    for (wanted, expected) in [
        (Wanted::Mine, "of Ann"),
        (Wanted::SharedWithMe, "of Bob, with Ann"),
        (Wanted::Organization(world.acme.id), "of Cem, for Acme"),
        (Wanted::Approvals, "of Dan, for Ann to approve"),
    ] {
        assert_eq!(summaries(&world.list("ann", wanted).await), [expected], "{wanted:?}");
    }
    assert!(world.list("bob", Wanted::Approvals).await.rows.is_empty());
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn a_list_goes_on_page_by_page(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    for number in 1..=7 {
        world.site.jsm.add_request("IT", "ann", &format!("{number}"));
    }
    let (mut seen, mut page) = (Vec::new(), None);
    loop {
        let list = world
            .search("ann", Wanted::Mine, |search| Search {
                rows: 3,
                sort: Sort::Oldest,
                page,
                ..search
            })
            .await;
        seen.extend(summaries(&list).into_iter().map(str::to_owned));
        page = list.next.clone();
        if page.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["1", "2", "3", "4", "5", "6", "7"]);
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn a_list_is_narrowed_by_what_the_customer_says(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    let jsm = &world.site.jsm;
    jsm.add_request("IT", "ann", "Neue Maus");
    let done = jsm.add_request("IT", "ann", "Alter Tisch");
    jsm.set_status(&done, Status::Resolved);
    let open = |open| move |search| Search { open: Some(open), ..search };
    assert_eq!(summaries(&world.search("ann", Wanted::Mine, open(true)).await), ["Neue Maus"]);
    assert_eq!(summaries(&world.search("ann", Wanted::Mine, open(false)).await), ["Alter Tisch"]);
    let text = |text| move |search| Search { text: SearchText::parse(text), ..search };
    assert_eq!(summaries(&world.search("ann", Wanted::Mine, text("maus")).await), ["Neue Maus"]);
    let id = |id| RequestTypeId::parse(id).unwrap();
    let of_type = |id| move |search| Search { request_type: Some((id, None)), ..search };
    assert_eq!(world.search("ann", Wanted::Mine, of_type(id("201"))).await.rows.len(), 2);
    assert!(world.search("ann", Wanted::Mine, of_type(id("202"))).await.rows.is_empty());
}

#[rstest]
#[case("\" OR project = HR OR summary ~ \"")]
#[case("\\\" OR project = HR")]
#[case("x\" ORDER BY created")]
#[case("currentUser()")]
#[case("a\nb")]
#[tokio::test]
async fn p8_what_is_typed_finds_nothing_of_others(#[case] typed: &str) {
    let world = World::new(JsmSettings::cloud()).await;
    world.site.jsm.add_request("HR", "bob", "Gehalt");
    let text = |search| Search { text: SearchText::parse(typed), ..search };
    assert!(world.search("ann", Wanted::Mine, text).await.rows.is_empty());
}

#[tokio::test]
async fn p6_a_search_does_not_look_into_what_the_team_says() {
    let world = World::new(JsmSettings::cloud()).await;
    let key = world.site.jsm.add_request("IT", "ann", "Maus");
    world.site.jsm.note(&key, "troublesome");
    let text = |search| Search { text: SearchText::parse("troublesome"), ..search };
    assert!(world.search("ann", Wanted::Mine, text).await.rows.is_empty());
}

/// JSM's index lags; a request that was just raised is asked for by its number.
#[tokio::test]
async fn what_was_just_raised_is_in_the_list_at_once() {
    let world = World::new(JsmSettings::cloud()).await;
    world.site.jsm.hold_index(true);
    let key = world.site.jsm.add_request("IT", "ann", "Neue Maus");
    assert!(world.list("ann", Wanted::Mine).await.rows.is_empty());
    let id = world.site.jsm.request(&key).unwrap().issue_id;
    let id = jsm_gate::domain::IssueId::parse(&id.to_string()).unwrap();
    let just = |search| Search { just_changed: vec![id], ..search };
    assert_eq!(summaries(&world.search("ann", Wanted::Mine, just).await), ["Neue Maus"]);
}
