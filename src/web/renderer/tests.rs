use super::*;

fn pages() -> Pages {
    let public_url = PublicUrl::parse("https://help.example.com").unwrap();
    let settings = PageSettings { several_providers: true, ..PageSettings::new(&public_url) };
    Pages::new(&settings).unwrap()
}

fn reader(language: Language) -> Preferences {
    Preferences { language, zone: TimeZone::UTC }
}

/// What the handlers give, where everything is there.
#[expect(clippy::too_many_lines, reason = "some lines a page")]
fn values(name: &str) -> Value {
    match name {
        "page.html" => context! { title => "Title" },
        "choose.html" => context! {
            return_to => "/", by_email => true, email => "ann", mistake => "choose-no-address",
            providers => [context! { name => "A B", link => "/x", logo => "/l", initial => "AB" }],
        },
        "continue.html" => context! { target => "/x", take_fragment => true },
        "emergency.html" => context! {
            key => "k", account => "ann@example.com", minutes => 5, portals => ["IT"],
        },
        "home.html" => context! {
            portals => [context! { name => "IT", link => "it" }],
            search => true, wanted => "it", another => "/x", here => "portals", has_requests => true,
        },
        "fields.html" | "file-parts.html" | "icons.html" | "parts.html" => context! {},
        "logged-out.html" => context! {
            at => "Okta", return_to => "/", another => "/x", choose => "/y",
        },
        "logout.html" => context! { return_to => "/", who => "ann", form_token => "t" },
        "same-account.html" => context! {
            provider => "Okta", can_log_out => true, return_to => "/", who => "ann",
            form_token => "t",
        },
        "tested.html" => context! { account => "ann@example.com" },
        "problem.html" => context! {
            reason => "it is odd", title => "T", text => "X", remedy => "R", code => "refused", status => 403,
            request_id => "1",
        },
        "preferences.html" => context! {
            here => "account", portal => portal(), said => true, return_to => "/p/it", default_zone => "Berlin", who => "ann", form_token => "t",
            now => context! { iso => "14:39+01:00", words => "14:39" },
            languages => [context! { tag => "de", name => "Deutsch", chosen => true }],
            zones => [context! {
                text => "zone-europe",
                zones => [context! { name => "Europe/Berlin", place => "Berlin", chosen => true }],
            }],
            me => context! { name => "Ann", email => "ann@example.com" },
        },
        "post.html" => context! {
            action => "https://sp.example.com/acs", host => "sp.example.com",
            fields => [context! { name => "SAMLResponse", value => "s" }],
        },
        "resubmit.html" => context! {
            action => "/_gate/callback/okta", again => "gate_again",
            fields => [context! { name => "state", value => "s" }],
        },
        _ => hosted_values(name),
    }
}

/// The same for the pages of a hosted portal.
#[expect(clippy::too_many_lines, reason = "some lines a page")]
fn hosted_values(name: &str) -> Value {
    match name {
        "article.html" => context! {
            portal => portal(), article => "Passwords", content => "Three words", back_to => "/p/it/search",
        },
        "create.html" => context! {
            portal => portal(), name => "Ask", help => "Say what.", route => "/p/it/create/1",
            articles => [context! { address => "/p/it/kb/1", title => "VPN" }],
            ticket => "t", draft => "d", notice => "create-not-sent", done => "form-files-uploaded",
            takes_files => true, mistakes => (), fields => (), is_old => true,
        },
        "kept.html" => context! {
            title => "T", text => "X", said => "kept-text", logs_in => true, form => "/p/it/create/1",
            another => "/x", code => "login-needed", request_id => "1",
        },
        "portal-home.html" => context! {
            portal => portal(), here => "home", has_articles => true, is_old => true, requests_away => true, description => "Ask us",
            announcement => context! { id => "1", text => "Closed", route => "/x", ticket => "t" },
            open_requests => [request()],
            groups => [context! { id => "1", name => "Computers", types => [request_type()] }],
        },
        "portal-search.html" => context! {
            articles => [context! { address => "/p/it/kb/1", title => "VPN", excerpt => "…" }],
            portal => portal(), wanted => "vpn", types => [request_type()],
            requests => [request()], is_old => true, requests_away => true, columns => columns(),
            groups => [context! { id => "1", name => "Computers", types => [request_type()] }],
        },
        "request.html" | "reply.html" | "people.html" => context! {
            portal => portal(), said => context! { text => "reply-sent", is_done => true },
            request => request(), native_for => "approve", native_at => (),
            shown_fields => shown_fields(),
            slas => [context! { name => "First answer", state => "sla-met" }],
            ..acts(),
        },
        "request-native.html" => {
            context! { native_for => "rate", native_at => "https://jira.example.com/x" }
        }
        "request-shown.html" => context! {
            shown_fields => shown_fields(),
            slas => [context! { name => "First answer", state => "sla-due", due => at() }],
        },
        "transition.html" => context! {
            portal => portal(), transition => "Resolve this request", route => "/x", ticket => "t", draft => "d",
            request => context! { key => "IT-1", summary => "VPN", address => "/p/it/IT-1" }, typed => "Hello",
            limit => 9, ..acts().get_attr("reply").unwrap(),
        },
        "requests.html" => context! {
            portal => portal(), here => "requests", address => "/p/it/requests",
            tabs => [context! { address => "/p/it/requests", name => "Mine", chosen => true }],
            filter => context! {
                q => "vpn", state => "open", more => true, whose => "shared",
                from => "", to => "", sort => "updated", portal => "", type => "1",
            },
            types => [request_type()],
            portals => [portal()],
            columns => columns(), has_columns => true,
            column_choices => [context! { name => "sla", chosen => true }],
            requests => [request()], count => "1 request", csv => "/p/it/requests.csv",
            next => "/p/it/requests?page=2", first => "/p/it/requests", nothing => (), is_old => true,
            left_out => ["Facilities"],
        },
        _ => panic!("{name} is rendered by no test"),
    }
}

fn portal() -> Value {
    context! { link => "it", name => "IT support" }
}

fn request_type() -> Value {
    context! { id => "1", icon => "ask", address => "/p/it/create/1", name => "Ask", description => "D" }
}

fn columns() -> Value {
    context! { type => true, portal => true, by => true, made => true, updated => true }
}

fn shown_fields() -> Value {
    vec![context! { name => "shown-priority", value => "High" }].into()
}

fn at() -> Value {
    context! { iso => "2026-11-24T14:39+01:00", words => "24 Nov, 14:39" }
}

fn request() -> Value {
    let status = || context! { kind => "doing", name => "In progress" };
    let file = || {
        let thumbnail = "/p/it/IT-1/files/1/thumbnail";
        context! { address => "/p/it/IT-1/files/1", name => "desk.png", size => "4 KB", thumbnail }
    };
    let says = context! {
        id => "1", team => true, initials => "DA", author => "Dana", tag => "IT support", at => at(),
        body => "Hello", files => [file()],
    };
    context! {
        portal => "IT support", slas => [context! { name => "First answer", state => "sla-due", due => at() }],
        shown_fields => shown_fields(), key => "IT-1", address => "/p/it/IT-1", summary => "VPN", type_name => "Wi-Fi",
        status => status(), updated => at(), created => at(), reporter => "Ann", mine => "true",
        description => "It drops", fields => [context! { label => "Floor", value => "3" }],
        activity => [
            context! { event => true, icon => "new", made_by => "Ann", mine => "true", at => at() },
            says,
            context! { event => true, icon => "new", status => "Received", at => at() },
        ],
        earlier => 3, earlier_at => "/x",
        history => [context! { status => status(), at => at() }],
        approvals => [context! {
            approvers => [context! { name => "Carla", decision => "approved" }],
        }],
        transitions => [context! { id => "761", name => "Resolve this request", address => "/x" }],
        files => [file()],
    }
}

/// The forms of a request's page.
fn acts() -> Value {
    let arguments = context! { limit => 1, count => 2 };
    let mistake = context! { said => (), name => "reply-too-long", arguments => arguments };
    let reply = context! {
        route => "/p/it/IT-1/comment", ticket => "t", draft => "d", typed => "Hello", preview => "Hello",
        mistakes => [context! { control => "body", mistake => mistake }],
        notice => "reply-unknown", look_again => true,
    };
    let bob = context! { name => "Bob", me => false, remove => "r" };
    let people = context! {
        route => "/p/it/IT-1/participants", ticket => "t", typed => "x", may_add => true,
        mistakes => [context! {
            control => "person",
            mistake => context! { said => (), name => "people-empty", arguments => context! {} },
        }],
        reporter => context! { name => "Ann", me => true },
        others => [bob, context! { name => "Cem", me => true, remove => "s" }],
    };
    let organization = || context! { id => "1", name => "Example Works" };
    let sharing = context! {
        route => "/p/it/IT-1/organizations", ticket => "t", may_unshare => true,
        shared => [organization()], more => [organization()],
    };
    context! { reply => reply, people => people, sharing => sharing }
}

/// Whoever is logged in, and in an emergency: then the frame shows all it can.
fn framed(values: Value) -> Value {
    context! {
        who => "ann@example.com", form_token => "t", emergency_until => "10:00 UTC", ..values
    }
}

#[test]
fn every_template_can_be_rendered_with_what_its_page_gives() {
    let pages = pages();
    for &(name, _) in TEMPLATES {
        for language in Language::ALL {
            for values in [values(name), framed(values(name))] {
                let page = pages.html(&reader(language), StatusCode::OK, name, values);
                assert_eq!(page.status(), StatusCode::OK, "{name} in {language}");
            }
        }
    }
}

#[test]
fn what_is_from_before_an_outage_is_said_to_be() {
    let pages = pages();
    for (name, says) in [
        ("portal-home.html", "which may have changed"),
        ("portal-search.html", "which may have changed"),
        ("requests.html", "which may have changed"),
        ("create.html", "send it when it answers again"),
    ] {
        let page = |values| {
            String::from_utf8(
                pages.html(&reader(Language::En), StatusCode::OK, name, values).into_body().into(),
            )
        };
        assert!(page(values(name)).unwrap().contains(says), "{name}");
        let now = context! { is_old => false, ..values(name) };
        assert!(!page(now).unwrap().contains(says), "{name}");
    }
}

#[test]
fn a_template_without_what_it_prints_is_an_error() {
    let page = pages().html(
        &reader(Language::En),
        StatusCode::OK,
        "continue.html",
        context! { targt => "/x" },
    );
    assert_eq!(page.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
