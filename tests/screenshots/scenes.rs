//! What is pictured: pages by their addresses, and what somebody does there to bring them into a state. Must not
//! know how a browser does it.

use std::collections::HashMap;

use sandbox::jsm::{Account, Desk, Field, FieldKind, RequestType, RequestTypeGroup, Status};
use serde_json::{Value, json};

use crate::LANGUAGES;
use crate::hosted_world::{ANN, ID_OF_ANN, ID_OF_BOB, World};
use crate::process::Process;
use crate::routes::{ROUTES, Shown};

pub(crate) const FORM: &str = "/p/all/create/901";
pub(crate) const SHORT_FORM: &str = "/p/it/create/66";
const SEND: &str = "main form[data-draft] button[value=send]";

/// A picture that somebody sends.
const PICTURE: &[u8] = include_bytes!("../../docs/img/hosted-portal.png");

/// The world as it is pictured.
pub(crate) struct Scenes<'a> {
    world: &'a World,
    /// A request of Ann's with everything on it.
    key: String,
    /// Links that work once, one for each language, with the commands that made them.
    emergencies: Vec<(String, Process)>,
    test_logins: Vec<(String, Process)>,
}

impl<'a> Scenes<'a> {
    /// Adds what pictures need to the world.
    pub(crate) fn prepare(world: &'a World) -> Self {
        let key = world.request_with_everything();
        let (jsm, acme) = (&world.jsm, world.acme());
        jsm.answer_with_file(&key, "desk.png", PICTURE);
        for (summary, status) in [
            ("The door of the bicycle cellar does not close", Status::WaitingForCustomer),
            ("Access to the folder “Drawings 2027” for the design team", Status::Resolved),
        ] {
            let key = jsm.add_request("ALL", ID_OF_ANN, summary);
            jsm.set_status(&key, status);
        }
        let shared = jsm.add_request("ALL", ID_OF_BOB, "A screen for the meeting room");
        jsm.change_request(&shared, |request| request.organizations.push(acme));
        jsm.ask_approval(&shared, &[ID_OF_ANN]);
        for number in 1..=26 {
            jsm.add_request("IT", ID_OF_ANN, &format!("Headset {number} crackles in calls"));
        }
        jsm.add_desk(unavailable());
        jsm.list_customer("ODD", ID_OF_ANN);
        jsm.add_account(
            Account::customer("Cleo Example", "cleo@example.com").with_id("id-of-cleo"),
        );
        let links = |arguments: &[&str]| LANGUAGES.map(|_| world.gate.link_of(arguments)).into();
        let ann = ["--for", "ann@example.com", "--portals", "it,all", "--reason", "INC-7"];
        let emergencies = links(&[&["emergency"], &ann[..]].concat());
        Self { world, key, emergencies, test_logins: links(&["test-login", "op"]) }
    }

    fn scene(&self, page: &str, open: &str) -> Value {
        self.acted(page, open, json!([]))
    }

    fn acted(&self, page: &str, open: &str, acts: Value) -> Value {
        let open = self.world.gate.at(&open.replace("{key}", &self.key));
        scene(page, json!(open), acts)
    }

    /// A page behind links that work once.
    fn linked(page: &str, links: &[(String, Process)], acts: Value) -> Value {
        let addresses = links.iter().map(|(address, _)| address.as_str());
        let open: HashMap<_, _> = LANGUAGES.into_iter().zip(addresses).collect();
        scene(page, json!(open), acts)
    }

    /// Every visit while JSM answers.
    pub(crate) fn while_all_is_well(&self) -> Vec<Value> {
        let states = [self.lists(), self.forms(), self.of_a_request(), self.elsewhere()];
        let of_customers = [self.routes(), states.concat(), self.kept()].concat();
        vec![
            json!({ "as": ANN, "scenes": of_customers }),
            json!({ "as": "Cleo Example", "scenes": [
                self.scene("refused", "/p/hr"),
                self.scene("not-a-customer-of-the-portal", "/p/all"),
                self.scene("no-requests-anywhere", "/_gate/requests"),
            ] }),
            json!({ "as": null, "scenes": self.of_strangers() }),
        ]
    }

    /// Every visit while it does not.
    pub(crate) fn while_jsm_is_away(&self) -> Vec<Value> {
        let typed = json!([["fill", "#summary", "My screen"], ["send", SEND]]);
        let scenes = [
            self.scene("away-home", "/p/all"),
            self.scene("away-search", "/p/all/search?q=screen"),
            self.scene("away-form", FORM),
            self.acted("away-form-not-sent", SHORT_FORM, typed),
            self.scene("away-requests", "/p/all/requests"),
            self.scene("away-request", "/p/all/{key}"),
        ];
        vec![json!({ "as": ANN, "scenes": scenes })]
    }

    /// Every route that shows a page by its address.
    fn routes(&self) -> Vec<Value> {
        let name = |route: &str| {
            let name = route.replace(['{', '}'], "").replace('/', "-");
            if route == "/" { "portals".to_owned() } else { name.trim_matches('-').to_owned() }
        };
        let shown = ROUTES.iter().filter_map(|(route, shown)| match shown {
            Shown::At(address) => Some(self.scene(&name(route), address)),
            Shown::Walked | Shown::Never => None,
        });
        shown.collect()
    }

    /// What was looked for, and lists of requests.
    fn lists(&self) -> Vec<Value> {
        let filtered =
            "/p/all/requests?state=all&from=2020-01-01&sort=oldest&column=by&column=made";
        vec![
            self.acted("suggestions", "/p/it", json!([["type", "#q", "equ"]])),
            self.scene("search-nothing", "/p/it/search?q=bicycle"),
            self.scene("requests-first-visit", "/p/many/requests"),
            self.scene("requests-nothing", "/p/all/requests?q=printer"),
            self.scene("requests-of-others", "/p/all/requests?whose=shared&state=all"),
            self.scene("requests-to-approve", "/p/all/requests?whose=approvals"),
            self.scene("requests-many", "/p/it/requests"),
            self.scene("requests-filtered", filtered),
        ]
    }

    /// Forms of new requests.
    fn forms(&self) -> Vec<Value> {
        let wrong = json!([["fill", "#customfield_10103", "many"], ["send", SEND]]);
        let narrowed = json!([["fill", "#customfield_10801-narrow", "room 1"]]);
        vec![
            self.acted("create-mistakes", FORM, wrong),
            self.acted("create-long-list", "/p/many/create/801", narrowed),
            self.scene("create-not-offered", "/p/odd/create/701"),
        ]
    }

    /// The page of a request after something was done there.
    fn of_a_request(&self) -> Vec<Value> {
        let page = "/p/all/{key}";
        let reply = |button: &str| json!(["send", format!("#reply button[value={button}]")]);
        let words = "It is **dark** still:\n\n- the lamp is on\n- the cable is in";
        let preview = json!([["fill", "#body", words], reply("preview")]);
        let person = json!([
            ["click", "[aria-labelledby=people] summary"],
            ["fill", "#person", "ben.example"],
            ["send", "[aria-labelledby=people] form:has(#person) button"],
        ]);
        vec![
            self.scene("request-created", &format!("{page}?said=created")),
            self.scene("request-not-changed", &format!("{page}?said=not-changed")),
            self.acted("reply-empty", page, json!([reply("send")])),
            self.acted("reply-preview", page, preview),
            self.acted("person-wrong", page, person),
        ]
    }

    /// Settings that were saved, and what is not there.
    fn elsewhere(&self) -> Vec<Value> {
        vec![
            self.scene("preferences-saved", "/_gate/preferences?said=saved"),
            self.scene("not-found", "/p/all/ALL-4711"),
            self.scene("portal-unknown", "/p/nothing"),
            self.scene("not-open", "/secure/Dashboard.jspa"),
        ]
    }

    /// A form that is sent after the login has ended, and the form as it comes back.
    fn kept(&self) -> Vec<Value> {
        let form = "/p/it/create/67";
        let sent = json!([["fill", "#summary", "My screen"], ["forget"], ["send", SEND]]);
        let back = json!([["open", self.world.gate.at(form)]]);
        vec![
            self.acted("kept-text", form, sent),
            self.acted("kept-text-shown", "/_gate/logged-out", back),
        ]
    }

    fn of_strangers(&self) -> Vec<Value> {
        let choose = "/_gate/login?return_to=/p/all&choose=1&go=1";
        let wrong =
            json!([["fill", "#email", "ann@nowhere.example"], ["send", "main form button"]]);
        let agreed = json!([["send", "main form button"]]);
        vec![
            self.scene("choose", choose),
            self.acted("choose-mistake", choose, wrong),
            self.scene("logged-out-by-itself", "/_gate/logged-out"),
            self.scene("preferences-of-nobody", "/_gate/preferences"),
            self.scene("login-expired", "/_gate/callback/op?code=1&state=2"),
            self.scene("login-not-known", "/_gate/callback/nobody?code=1&state=2"),
            self.scene("link-used", "/_gate/emergency?key=x"),
            Self::linked("test-login", &self.test_logins, json!([["logIn", ANN]])),
            Self::linked("emergency", &self.emergencies, json!([])),
            Self::linked("emergency-access", &self.emergencies, agreed),
        ]
    }
}

/// A desk whose one request type cannot be offered.
fn unavailable() -> Desk {
    let tree = Field::new("customfield_10701", "Place in the tree", FieldKind::App).required();
    let odd = RequestType::new(701, "A place in the tree", "").with_fields([tree]);
    Desk {
        groups: vec![RequestTypeGroup::new(70, "All", [odd])],
        ..Desk::new(7, "ODD", "Odd forms")
    }
}

/// A page, where it is, and what is done there before the picture.
fn scene(page: &str, open: Value, acts: Value) -> Value {
    [("page", json!(page)), ("open", open), ("do", acts)].into_iter().collect()
}
