//! What an admin adds to a hosted portal: a description, an announcement, more of a request than JSM's own
//! portal shows.

use reqwest::{Method, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use crate::hosted_site::{ANN, BOB, OPEN_IT, page, with_customers};
use crate::site::{Site, site};
use crate::visitor::{Visitor, fields};

async fn hosted(jsm: JsmSettings, toml: &str) -> Site {
    with_customers(site().in_front_of(jsm).with(&format!("{OPEN_IT}{toml}"))).await
}

async fn body(site: &Site, visitor: &mut Visitor, path: &str) -> String {
    let (status, body) = page(site, visitor, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

#[rstest]
#[case::cloud(JsmSettings::cloud())]
#[case::data_center(JsmSettings::data_center())]
#[tokio::test(flavor = "multi_thread")]
async fn only_what_show_fields_names_is_shown_of_the_team(#[case] jsm: JsmSettings) {
    let all = "[hosted]\nshow_fields = [\"priority\", \"assignee\", \"sla\"]";
    for (toml, shown) in [("", false), (all, true)] {
        let site = hosted(jsm.clone(), toml).await;
        let key = site.jsm.add_request("IT", ANN, "My screen is dark");
        let mut ann = site.logged_in("ann").await;
        for path in [
            "/p/it/requests".to_owned(),
            "/p/it/search?q=screen".to_owned(),
            "/p/it/requests.csv".to_owned(),
            format!("/p/it/{key}"),
        ] {
            let page = body(&site, &mut ann, &path).await;
            for word in ["High", "Alex Agent"] {
                assert_eq!(page.contains(word), shown, "{path}, {word}: {page}");
            }
            let has_sla = page.contains("Time to first response");
            assert_eq!(has_sla, shown, "{path}: {page}");
        }
    }
}

/// Whoever is asked to approve learns where they can, and by a link only where the admin says that it leads on.
#[rstest]
#[case::cloud(JsmSettings::cloud(), "", false)]
#[case::cloud_with_links(JsmSettings::cloud(), "[hosted]\nnative_links = true", true)]
#[case::data_center(JsmSettings::data_center(), "[hosted]\nnative_links = true", false)]
#[tokio::test(flavor = "multi_thread")]
async fn an_approver_is_told_where_to_decide(
    #[case] jsm: JsmSettings,
    #[case] toml: &str,
    #[case] has_link: bool,
) {
    let site = hosted(jsm, toml).await;
    let key = site.jsm.add_request("IT", BOB, "A new screen");
    site.jsm.ask_approval(&key, &[ANN]);
    let native = format!("/servicedesk/customer/portal/2/{key}");
    for (who, asked) in [("ann", true), ("bob", false)] {
        let mut visitor = site.logged_in(who).await;
        let page = body(&site, &mut visitor, &format!("/p/it/{key}")).await.replace("&#x2f;", "/");
        assert_eq!(page.contains("You are asked to approve this"), asked, "{who}: {page}");
        assert_eq!(page.contains(&native), asked && has_link, "{who}: {page}");
        assert_eq!(page.contains("has sent you a mail"), asked && !has_link, "{who}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_is_shown_in_its_time_until_somebody_puts_it_away() {
    let toml = "description = { en = \"Computers & phones\", de = \"Rechner\" }\n\
                announcement = { text = \"Closed on <Friday>\", from = \"2020-01-01\" }";
    let site = hosted(JsmSettings::cloud(), toml).await;
    let (mut ann, mut elsewhere) = (site.logged_in("ann").await, site.logged_in("ann").await);
    let home = ann.open(&site.at("/p/it")).await;
    for part in ["Closed on &lt;Friday&gt;", "Computers &amp; phones"] {
        assert!(home.body.contains(part), "without {part}: {}", home.body);
    }
    let home = ann.submit(&home, "/p/it/announcement", &[]).await;
    assert_eq!((home.status, home.url.path()), (StatusCode::OK, "/p/it"));
    assert!(!home.body.contains("Closed on") && home.body.contains("Computers"), "{}", home.body);
    assert!(body(&site, &mut elsewhere, "/p/it").await.contains("Closed on"));
}

#[rstest]
#[case::over("until = \"2020-01-01\"")]
#[case::not_yet("from = \"2999-01-01T12:00\"")]
#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_is_not_shown_out_of_its_time(#[case] time: &str) {
    let toml = format!("announcement = {{ text = \"Closed on Friday\", {time} }}");
    let site = hosted(JsmSettings::cloud(), &toml).await;
    let mut ann = site.logged_in("ann").await;
    assert!(!body(&site, &mut ann, "/p/it").await.contains("Closed on Friday"));
}

#[tokio::test(flavor = "multi_thread")]
async fn p21_an_announcement_is_put_away_by_its_own_form_only() {
    let site = hosted(JsmSettings::cloud(), "announcement = { text = \"Closed\" }").await;
    let address = site.at("/p/it/announcement");
    let (mut ann, mut bob) = (site.logged_in("ann").await, site.logged_in("bob").await);
    let home = ann.open(&site.at("/p/it")).await;
    let filled = fields(&home, "/p/it/announcement");
    let foreign = vec![("announcement".to_owned(), "x".to_owned())];
    let more = filled.iter().chain(&foreign).cloned().collect::<Vec<_>>();
    let evil = "https://evil.example";
    for (is_ann, form, origin, expected) in [
        (false, &filled, site.url.as_str(), StatusCode::FORBIDDEN),
        (true, &filled, evil, StatusCode::FORBIDDEN),
        (true, &foreign, site.url.as_str(), StatusCode::FORBIDDEN),
        (true, &more, site.url.as_str(), StatusCode::BAD_REQUEST),
    ] {
        let visitor = if is_ann { &mut ann } else { &mut bob };
        let post = |post: reqwest::RequestBuilder| post.form(form).header("origin", origin);
        let answer = visitor.request(Method::POST, &address, post).await;
        assert_eq!(answer.status(), expected);
        assert!(answer.headers().get("set-cookie").is_none());
    }
    let answer = ann.request(Method::GET, &address, |get| get).await;
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
}
