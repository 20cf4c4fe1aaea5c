//! What customers see of a JSM that tells the service account everything.

use std::sync::Arc;

use jsm_gate::domain::{
    AccountId, AttachmentId, OrganizationId, OrganizationRequests, Portal, RequestTypeId,
};
use jsm_gate::jsm::requests::{FileKind, Organization, RequestList, Search, Transition, Whose};
use jsm_gate::portal::gatekeeper::{Asking, Gatekeeper, SeenRequest, Visible, Wanted};
use jsm_gate::problem::Problem;
use rstest::rstest;
use sandbox::jsm::{Account, MARKED_WORDS, RequestType, Status};

use super::*;

/// Ann and Bob are customers of IT, Cem is their colleague at Acme.
pub(crate) struct World {
    pub(crate) site: Site,
    pub(crate) gatekeeper: Gatekeeper,
    pub(crate) it: Arc<Portal>,
    pub(crate) hr: Arc<Portal>,
    pub(crate) acme: Organization,
}

impl World {
    pub(crate) async fn new(settings: JsmSettings) -> Self {
        Self::with(settings, OrganizationRequests::Read).await
    }

    async fn with(settings: JsmSettings, rule: OrganizationRequests) -> Self {
        let desks = [Desk::new(2, "IT", "IT Help"), Desk::new(3, "HR", "People")];
        let site = Site::start(settings.with_desks(desks)).await;
        for name in ["ann", "bob", "cem", "dan"] {
            let address = format!("{name}@acme.example");
            site.jsm.add_account(Account::customer(name, &address).with_id(name));
        }
        let acme = site.jsm.add_organization("Acme", &["ann", "cem"], &["IT"]);
        let portals = site.fresh_directory(support::no_rules()).await.portals();
        let portal = |key| Arc::clone(portals.by_project(key).unwrap());
        let id = OrganizationId::parse(&acme.to_string()).unwrap();
        Self {
            gatekeeper: Gatekeeper::new(Requests::new(site.client()), rule),
            it: portal("IT"),
            hr: portal("HR"),
            acme: Organization { id, name: "Acme".to_owned() },
            site,
        }
    }

    async fn sees_at(
        &self,
        portal: &Portal,
        who: &str,
        key: &str,
    ) -> Result<Visible<SeenRequest>, Problem> {
        let (account, german, acme) = (account(who), german(), self.organizations(who));
        let asking = Asking { account: &account, organizations: &acme, portal, language: &german };
        self.gatekeeper.request(asking, &super::key(key)).await
    }

    async fn sees(&self, who: &str, key: &str) -> Result<Visible<SeenRequest>, Problem> {
        self.sees_at(&self.it, who, key).await
    }

    async fn acts(&self, who: &str, key: &str) -> Result<(), Problem> {
        let (account, german, acme) = (account(who), german(), self.organizations(who));
        let asking =
            Asking { account: &account, organizations: &acme, portal: &self.it, language: &german };
        self.gatekeeper.act(asking, &super::key(key)).await.map(drop)
    }

    fn organizations(&self, who: &str) -> Vec<Organization> {
        if matches!(who, "ann" | "cem") { vec![self.acme.clone()] } else { Vec::new() }
    }

    pub(crate) async fn list(&self, who: &str, wanted: Wanted) -> Visible<RequestList> {
        self.search(who, wanted, |search| search).await
    }

    pub(crate) async fn search(
        &self,
        who: &str,
        wanted: Wanted,
        narrow: impl FnOnce(Search) -> Search,
    ) -> Visible<RequestList> {
        let account = account(who);
        let search = Search::new(vec![Arc::clone(&self.it)], Whose::Mine(account.clone()));
        let organizations = self.organizations(who);
        self.gatekeeper.list(&account, &organizations, wanted, narrow(search)).await.unwrap()
    }

    async fn transitions(&self, who: &str, request: &Visible<SeenRequest>) -> Vec<Transition> {
        let (account, german) = (account(who), german());
        let asking =
            Asking { account: &account, organizations: &[], portal: &self.it, language: &german };
        self.gatekeeper.transitions(asking, request).await.unwrap()
    }
}

fn account(id: &str) -> AccountId {
    AccountId::parse(id).unwrap()
}

fn attachment(id: u64) -> AttachmentId {
    AttachmentId::parse(&id.to_string()).unwrap()
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn p1_a_request_is_there_for_those_who_have_to_do_with_it(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    let key = world.site.jsm.add_request("IT", "ann", "Neue Maus");
    let request = world.sees("ann", &key).await.unwrap();
    assert_eq!((request.summary.as_str(), request.reporter.name.as_str()), ("Neue Maus", "ann"));
    assert_eq!(world.sees("bob", &key).await.unwrap_err(), Problem::NotFound);
    assert_eq!(world.sees("ann", "IT-999").await.unwrap_err(), Problem::NotFound);

    let acme = world.acme.id.get();
    world.site.jsm.change_request(&key, |it| {
        it.participants.push("bob".to_owned());
        it.organizations.push(acme);
    });
    world.site.jsm.ask_approval(&key, &["dan"]);
    world.acts("ann", &key).await.unwrap();
    for (who, may_reply) in [("bob", true), ("dan", true), ("cem", false)] {
        assert_eq!(world.sees(who, &key).await.unwrap().may_reply, may_reply, "{who}");
    }
    assert_eq!(world.acts("cem", &key).await, Err(Problem::NotFound), "may read only");
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn p20_a_key_of_another_portal_is_not_there(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    let key = world.site.jsm.add_request("HR", "ann", "Urlaub");
    assert!(world.sees_at(&world.hr, "ann", &key).await.is_ok());
    assert_eq!(world.sees("ann", &key).await.unwrap_err(), Problem::NotFound);
}

#[tokio::test]
async fn p1_an_issue_without_a_request_type_is_not_there() {
    let world = World::new(JsmSettings::cloud()).await;
    let key = world.site.jsm.add_request("IT", "ann", "Aufgabe");
    world.site.jsm.change_request(&key, |it| it.type_id = None);
    assert_eq!(world.sees("ann", &key).await.unwrap_err(), Problem::NotFound);
    assert!(world.list("ann", Wanted::Mine).await.rows.is_empty());
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn p4_who_is_taken_off_a_request_cannot_act_on_it_from_then_on(
    #[case] settings: JsmSettings,
) {
    let world = World::new(settings).await;
    let key = world.site.jsm.add_request("IT", "ann", "Neue Maus");
    world.site.jsm.change_request(&key, |it| it.participants.push("bob".to_owned()));
    assert!(world.sees("bob", &key).await.is_ok());

    world.site.jsm.change_request(&key, |it| {
        it.participants.clear();
        it.reporter = Some("dan".to_owned());
    });
    for who in ["ann", "bob"] {
        assert_eq!(world.acts(who, &key).await, Err(Problem::NotFound), "{who}");
        assert_eq!(world.sees(who, &key).await.unwrap_err(), Problem::NotFound, "{who}");
    }
    assert!(world.sees("dan", &key).await.is_ok());
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn p3_a_file_is_there_if_it_is_one_of_the_requests_and_for_customers(
    #[case] settings: JsmSettings,
) {
    let world = World::new(settings).await;
    let jsm = &world.site.jsm;
    let (key, other) =
        (jsm.add_request("IT", "ann", "Maus"), jsm.add_request("IT", "ann", "Tisch"));
    let public = jsm.answer_with_file(&key, "answer.txt", "public bytes");
    let internal = jsm.note_with_file(&key, "notes.txt");
    // As Jira renders `[^answer.txt]`.
    let link = format!("<a href=\"/secure/attachment/{public}/answer.txt\">answer.txt</a>");
    jsm.change_request(&key, |it| it.comments[0].html = Some(link));
    let of_another = jsm.answer_with_file(&other, "table.txt", "table");

    let request = world.sees("ann", &key).await.unwrap();
    let file = world.gatekeeper.file(&request, attachment(public)).await.unwrap();
    let ann = account("ann");
    let download = world.gatekeeper.open(&ann, &file, FileKind::Content, None).await.unwrap();
    assert_eq!(files::bytes(download).await, b"public bytes");
    for id in [internal, of_another, 999_999] {
        let file = world.gatekeeper.file(&request, attachment(id)).await;
        assert_eq!(file.unwrap_err(), Problem::NotFound, "{id}");
    }
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn p6_nothing_of_the_teams_is_told_to_customers(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    let jsm = &world.site.jsm;
    let key = jsm.add_request("IT", "ann", "Maus");
    jsm.answer(&key, "It is on its way.");
    jsm.note(&key, "she asks a lot");
    jsm.note_with_file(&key, "notes.txt");
    jsm.set_status(&key, Status::WaitingForCustomer);

    let request = world.sees("ann", &key).await.unwrap();
    let conversation = world.gatekeeper.conversation(&request).await.unwrap();
    let texts: Vec<_> = conversation.comments.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["It is on its way."]);
    let (list, transitions) =
        (world.list("ann", Wanted::Mine).await, world.transitions("ann", &request).await);
    let told = format!(
        "{:?} {:?} {:?} {:?} {conversation:?} {list:?} {transitions:?}",
        request.summary, request.status, request.history, request.fields,
    );
    for word in MARKED_WORDS {
        assert!(!told.contains(word), "{word} in {told}");
    }
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test]
async fn a_portal_offers_what_somebody_may_use(#[case] settings: JsmSettings) {
    let world = World::new(settings).await;
    world.site.jsm.add_desk(desk_with_types());
    let portals = world.site.fresh_directory(support::no_rules()).await.portals();
    let lab = portals.by_project("LAB").unwrap();
    let offered = async |who: &str| {
        let (account, german) = (account(who), german());
        let asking =
            Asking { account: &account, organizations: &[], portal: lab, language: &german };
        let offer = world.gatekeeper.offer(asking).await.unwrap();
        let names: Vec<_> = offer.types().map(|it| it.name.clone()).collect();
        let closed = RequestTypeId::parse("903").unwrap();
        (names, world.gatekeeper.raise(asking, closed).await.is_ok())
    };
    assert_eq!(offered("ann").await, (vec!["Open".to_owned(), "For Ann".to_owned()], true));
    assert_eq!(offered("bob").await, (vec!["Open".to_owned()], false));
}

/// A type for everybody, one in no group, and one for Ann.
fn desk_with_types() -> Desk {
    let for_ann = RequestType {
        allowed: Some(vec!["ann".to_owned()]),
        ..RequestType::new(903, "For Ann", "")
    };
    let open = RequestType::new(901, "Open", "");
    Desk {
        groups: vec![sandbox::jsm::RequestTypeGroup::new(90, "All", [open, for_ann])],
        ungrouped: vec![RequestType::new(902, "In no group", "")],
        ..Desk::new(9, "LAB", "Lab")
    }
}
