use proptest::prelude::*;
use rstest::rstest;

use super::listed::REL;
use super::*;
use crate::domain::{LinkName, Mode, Portal};

fn portal(id: &str, key: &str, link: &str, gone: bool) -> Portal {
    Portal {
        service_desk_id: id.to_owned(),
        portal_id: PortalId::parse(id).ok(),
        project_id: format!("1000{id}"),
        project_key: key.to_owned(),
        former_keys: Vec::new(),
        name: key.to_owned(),
        link: LinkName::parse(link).unwrap(),
        mode: Mode::Hosted,
        service_provider: None,
        rules: Arc::default(),
        open_desk: false,
        greeting: Arc::default(),
        gone,
    }
}

fn surroundings() -> Surroundings {
    let portals = [portal("2", "IT", "it", false), portal("3", "OLD", "old", true)];
    Surroundings {
        site: Url::parse("https://acme.atlassian.net").unwrap(),
        files_at: "/p/it/IT-12/files".to_owned(),
        files: HashSet::from([AttachmentId::parse("10000").unwrap()]),
        portals: Arc::new(Portals::new(portals)),
    }
}

fn cleaned(html: &str) -> Cleaned {
    surroundings().clean(&JsmHtml::new(html.to_owned()))
}

fn clean(html: &str) -> String {
    cleaned(html).html.as_str().to_owned()
}

/// Without addresses: those of the gate are none of JSM's when they are read again.
fn without_addresses(html: &str) -> String {
    let address = regex::Regex::new(r#" (href|src)="[^"]*""#).unwrap();
    address.replace_all(html, "").replace(" alt=\"\"", " alt")
}

/// The names of all attributes of all elements.
fn attributes(html: &str) -> Vec<String> {
    let element = regex::Regex::new(r#"<[a-zA-Z](?:[^>"]|"[^"]*")*>"#).unwrap();
    let values = regex::Regex::new(r#"="[^"]*""#).unwrap();
    let names =
        element.find_iter(html).map(|found| values.replace_all(found.as_str(), "").into_owned());
    let names = names.flat_map(|names| {
        let names: Vec<_> =
            names.trim_end_matches('>').split(' ').skip(1).map(str::to_owned).collect();
        names
    });
    names.filter(|name| !name.is_empty()).collect()
}

/// The address that a link has left.
fn link(href: &str) -> Option<String> {
    let html = clean(&format!("<a href=\"{href}\">x</a>"));
    let (_, rest) = html.split_once("href=\"")?;
    rest.split('"').next().map(str::to_owned)
}

#[test]
fn what_jsm_renders_stays() {
    let html = "<p>New <b>mouse</b>, <del>old</del><br><code>x &lt; y</code></p>\
                <ul><li>a</li></ul><table><tbody><tr><td colspan=\"2\">b</td></tr></tbody></table>";
    assert_eq!(clean(html), html);
}

#[rstest]
#[case::script("<script>alert(1)</script>a", "a")]
#[case::handler("<p onclick=\"alert(1)\" onmouseover=alert(1)>a</p>", "<p>a</p>")]
#[case::style("<p style=\"position:fixed\">a</p><style>p{}</style>", "<p>a</p>")]
#[case::class_and_id("<p class=\"jira\" id=\"main\">a</p>", "<p>a</p>")]
#[case::form("<form action=/x><input name=a><button>b</button></form>", "b")]
#[case::frame("<iframe srcdoc=\"<script>\">c</iframe><object data=x></object>a", "a")]
#[case::base("<base href=//evil.example><meta http-equiv=refresh content=0>a", "a")]
#[case::comment("<!-- <script> -->a<!--> b", "a b")]
#[case::data_attributes("<span data-username=\"ann\" title=\"Ann\">a</span>", "<span>a</span>")]
#[case::plain_text("<plaintext>a</plaintext>", "")]
#[case::unknown("<blink>a</blink>", "a")]
fn p10_what_is_not_listed_goes(#[case] html: &str, #[case] expected: &str) {
    assert_eq!(clean(html), expected);
}

/// Scheme and what browsers ignore within it.
#[rstest]
#[case("javascript:alert(1)")]
#[case("JaVaScRiPt:alert(1)")]
#[case(" javascript:alert(1)")]
#[case("java\tscript:alert(1)")]
#[case("java&#10;script:alert(1)")]
#[case("java&Tab;script&colon;alert(1)")]
#[case("&#x6A;avascript:alert(1)")]
#[case("\u{1}javascript:alert(1)")]
#[case("data:text/html,<script>alert(1)</script>")]
#[case("vbscript:msgbox(1)")]
#[case("file:///etc/passwd")]
#[case("ftp://example.com/x")]
#[case("blob:https://example.com/1")]
#[case("https://acme.atlassian.net@evil.example/")]
fn p11_a_link_has_no_other_scheme(#[case] href: &str) {
    assert_eq!(link(href), None, "{}", clean(&format!("<a href=\"{href}\">x</a>")));
}

#[rstest]
#[case("https://example.com/a?b=c#d", "https://example.com/a?b=c#d")]
#[case("mailto:help@example.com", "mailto:help@example.com")]
#[case("//example.com/x", "https://example.com/x")]
fn a_link_to_elsewhere_stays_and_says_nothing_of_the_page(#[case] href: &str, #[case] to: &str) {
    assert_eq!(link(href).as_deref(), Some(to));
    assert!(clean(&format!("<a href=\"{href}\">x</a>")).contains(&format!("rel=\"{REL}\"")));
}

#[rstest]
#[case::issue("/browse/IT-12", Some("/p/it/IT-12"))]
#[case::issue_in_full("https://acme.atlassian.net/browse/IT-12?focused=1", Some("/p/it/IT-12"))]
#[case::portal("/servicedesk/customer/portal/2", Some("/p/it"))]
#[case::request("/servicedesk/customer/portal/2/IT-12", Some("/p/it/IT-12"))]
#[case::form("/servicedesk/customer/portal/2/group/6/create/66", Some("/p/it/group/6/create/66"))]
#[case::other_project("/browse/HR-1", None)]
#[case::gone("/browse/OLD-1", None)]
#[case::person("/secure/ViewProfile.jspa?name=ann", None)]
#[case::person_on_cloud("https://acme.atlassian.net/jira/people/qm:1", None)]
#[case::agent("/issues/?jql=project=IT", None)]
#[case::rest("/rest/api/3/issue/10000", None)]
#[case::relative("IT-12", None)]
#[case::traversal("/servicedesk/customer/portal/2/../../../rest/api/2/user", None)]
fn a_link_into_jsm_leads_to_the_gate_or_nowhere(#[case] href: &str, #[case] to: Option<&str>) {
    assert_eq!(link(href).as_deref(), to);
}

#[rstest]
#[case::attachment("/secure/attachment/10000/10000_x.png", Some("/p/it/IT-12/files/10000"))]
#[case::small(
    "/secure/thumbnail/10000/_thumb_10000.png",
    Some("/p/it/IT-12/files/10000/thumbnail")
)]
#[case::content("/rest/api/3/attachment/content/10000", Some("/p/it/IT-12/files/10000"))]
#[case::small_content(
    "/rest/api/3/attachment/thumbnail/10000",
    Some("/p/it/IT-12/files/10000/thumbnail")
)]
#[case::not_theirs("/secure/attachment/10001/internal.png", None)]
#[case::no_number("/secure/attachment/../x", None)]
fn p3_a_link_to_a_file_leads_to_one_that_the_reader_may_have(
    #[case] href: &str,
    #[case] to: Option<&str>,
) {
    assert_eq!(link(href).as_deref(), to);
    let picture = clean(&format!("<img src=\"{href}\" alt=\"y\">"));
    assert_eq!(picture.contains("src="), to.is_some(), "{picture}");
    assert!(to.is_none_or(|to| picture.contains(&format!("src=\"{to}\""))), "{picture}");
}

#[test]
fn below_a_context_path_links_lead_to_the_gate_too() {
    let site = Url::parse("https://jira.example.com/jira").unwrap();
    let html = JsmHtml::new("<a href=\"/jira/browse/IT-1\">x</a>".to_owned());
    let cleaned = Surroundings { site, ..surroundings() }.clean(&html);
    assert!(cleaned.html.as_str().contains("href=\"/p/it/IT-1\""), "{cleaned:?}");
}

#[test]
fn a_picture_from_elsewhere_is_left_to_the_reader() {
    let cleaned = cleaned("<img src=\"https://track.example/1.gif?ann\" alt=\"logo\">");
    assert_eq!(cleaned.html.as_str(), "<img alt=\"logo\">");
    assert_eq!(cleaned.pictures_elsewhere, ["https://track.example/1.gif?ann"]);
}

#[rstest]
#[case("<img src=\"/secure/attachment/10000/x\">", "<img alt src=\"/p/it/IT-12/files/10000\">")]
#[case("<img src=\"/images/icons/emoticons/smile.png\">", "<img alt>")]
#[case("<img alt=\"<img src=x>\" src=\"data:image/svg+xml,x\">", "alt=")]
fn every_picture_has_a_text_alternative(#[case] html: &str, #[case] expected: &str) {
    let html = clean(html);
    assert!(html.contains(expected), "{html}");
    assert_eq!(
        html.matches("src=").count(),
        expected.matches("src=").count() + html.matches("img src=x").count()
    );
}

/// Nesting that parsers of HTML read differently the second time (mutation XSS), from ammonia's own
/// reports (RUSTSEC-2021-0074, RUSTSEC-2022-0003, RUSTSEC-2025-0071) and `DOMPurify`'s tests.
#[rstest]
#[case("<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">")]
#[case(
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">"
)]
#[case(
    "<math><annotation-xml encoding=\"text/html\"><style><img src=x onerror=alert(1)></style></annotation-xml>"
)]
#[case("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">")]
#[case("<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>")]
#[case(
    "<svg><foreignObject><p><style><!--</style></p></foreignObject></svg><img src=x onerror=alert(1)>"
)]
#[case("<select><option><style></option></select><b><style><style/><img src=x onerror=alert(1)>")]
#[case("<selectedcontent><svg><style><img src=x onerror=alert(1)></style></svg></selectedcontent>")]
#[case("<template><s><template><s><img src=x onerror=alert(1)>@</s></template></s></template>")]
#[case("<xmp><p id=\"</xmp><img src=x onerror=alert(1)>\">")]
#[case("<title><img src=\"</title><img src=x onerror=alert(1)>\">")]
#[case("<textarea><img src=\"</textarea><img src=x onerror=alert(1)>\">")]
#[case("<svg><animate attributeName=href values=\"javascript:alert(1)\"></animate><a>x</a></svg>")]
#[case("<a href=\"/browse/IT-1\"><a href=\"javascript:alert(1)\">x</a></a>")]
#[case("<table><td><img src=`x` onerror=alert(1)><table>")]
#[case("<p><![CDATA[<img src=x onerror=alert(1)>]]></p>")]
#[case("<img alt=\"&quot;><script>alert(1)</script>\">")]
#[case("<b\u{0}><script\u{0}>alert(1)</script>")]
fn p12_nothing_comes_to_life_the_second_time(#[case] html: &str) {
    let once = clean(html);
    let known = ["href", "src", "alt", "rel", "start", "colspan", "rowspan", "dir", "lang"];
    let attributes = attributes(&once);
    assert!(attributes.iter().all(|name| known.contains(&name.as_str())), "{once} {attributes:?}");
    let lower = once.to_ascii_lowercase();
    for element in ["<script", "<svg", "<math", "<style", "<form", "<noscript", "<template"] {
        assert!(!lower.contains(element), "{once}");
    }
    // Whatever is left means the same when it is read again.
    assert_eq!(without_addresses(&clean(&once)), without_addresses(&once));
}

#[test]
fn p12_links_in_links_mean_the_same_when_they_are_read_again() {
    let once = clean("<a href=\"x\">--&gt;<table><a href=\"x\"></a>");
    assert_eq!(without_addresses(&clean(&once)), without_addresses(&once));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Made of what attacks are made of.
    #[test]
    fn p12_whatever_it_is_it_is_the_same_when_read_again(
        parts in proptest::collection::vec(proptest::sample::select(vec![
            "<img ", "src=", "\"", "'", ">", "<", "/", "alt=", "x", "<a href=", "javascript:", "</a>",
            "<svg>", "<math>", "<style>", "</style>", "<!--", "-->", "<table>", "<td>", "<p>", "</p>",
            "<noscript>", "<title>", "&lt;", "&quot;", "onerror=", " ", "<select>", "<template>",
            "https://e.example/", "/browse/IT-1", "<pre>", "<b>", "</b>",
        ]), 0..24),
    ) {
        let once = clean(&parts.concat());
        prop_assert!(!once.contains("<script") && !once.contains("<svg") && !once.contains("<style"));
        prop_assert!(!once.contains("javascript:") || !once.contains("href=\"javascript:"));
        prop_assert_eq!(without_addresses(&clean(&once)), without_addresses(&once));
    }
}
