//! A gate in front of a stand-in JSM, whose portals are all hosted, with something of everything in it.

use sandbox::jsm::{
    Account, Article, Desk, Field, FieldKind, Jsm, JsmSettings, RequestType, RequestTypeGroup,
};
use sandbox::provider::{Provider, ProviderSettings};

use crate::gate::{Gate, Neighbours, free_address};
use crate::node::CLIENT_SECRET;
use crate::world::gate_in_front_of;

pub(crate) const ANN: &str = "Ann Example";
pub(crate) const ID_OF_ANN: &str = "id-of-ann";
pub(crate) const ID_OF_BOB: &str = "id-of-bob";

/// A gate between the stand-ins, whose portals are all hosted.
pub(crate) struct World {
    pub(crate) jsm: Jsm,
    pub(crate) provider: Provider,
    pub(crate) gate: Gate,
}

impl World {
    pub(crate) async fn start(settings: JsmSettings) -> Self {
        Self::with(settings, "", "").await
    }

    /// With more keys of the provider's section, and more sections.
    pub(crate) async fn with(settings: JsmSettings, provider_keys: &str, more: &str) -> Self {
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
        let hosted = "[portals]\nmode = \"hosted\"\n[hosted]\norganization_requests = \"read\"\nknowledge_base = \"public\"\n\
                    show_fields = [\"priority\", \"assignee\", \"sla\"]\n[[portal]]\nproject = \"ALL\"\n\
                    description = \"Everything\"\nannouncement = { text = \"Closed on Friday\" }";
        jsm.add_article(Article {
            id: 100,
            title: "Which cable".to_owned(),
            excerpt: "By its colour".to_owned(),
            html: "<h2>Colours</h2><p>Red goes to red.</p>".to_owned(),
            project: Some("ALL".to_owned()),
        });
        let more = format!("{hosted}\n{more}");
        let special = Neighbours { provider: provider_keys, more: &more, ..Neighbours::default() };
        let mut gate = gate_in_front_of(&jsm, free_address(), provider.issuer(), &special).await;
        gate.until_provider_answers().await;
        Self { jsm, provider, gate }
    }

    /// The key of a request of Ann's that has whatever a request can have.
    pub(crate) fn request_with_everything(&self) -> String {
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

    pub(crate) fn acme(&self) -> u64 {
        self.jsm.organizations()[0].id
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
