//! Articles of the knowledge base at a hosted portal: the service account may read all of them, and
//! customers those that a search of their portal finds.

use reqwest::StatusCode;
use sandbox::jsm::{Article, JsmSettings};

use crate::hosted_site::{ANN, OPEN_IT, page, with_customers};
use crate::site::{Site, site};

const PUBLIC: &str = "[hosted]\nknowledge_base = \"public\"";

async fn hosted(jsm: JsmSettings, toml: &str) -> Site {
    let site = with_customers(site().in_front_of(jsm).with(&format!("{OPEN_IT}{toml}"))).await;
    let article = |id, title: &str, html: &str, project: &str| Article {
        id,
        title: title.to_owned(),
        excerpt: "How to choose one".to_owned(),
        html: html.to_owned(),
        project: Some(project.to_owned()),
    };
    let html = "<h1 onclick=\"x()\">Three words</h1><script>x()</script><svg onload=\"x()\"></svg>\
                <img src=\"https://evil.example/t.gif\"><img src=\"/wiki/download/1.png\">\
                <a href=\"javascript:x()\">one</a> <a href=\"/wiki/spaces/AGENT-ONLY\">two</a>\
                <a href=\"https://example.org/\">three</a><form action=\"/x\"><input></form>";
    site.jsm.add_article(article(101, "A good password", html, "IT"));
    site.jsm.add_article(article(102, "A password of the team", "AGENT-ONLY", "HR"));
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_an_article_that_a_search_finds_is_shown_without_what_does_harm() {
    let site = hosted(JsmSettings::cloud(), PUBLIC).await;
    let mut ann = site.logged_in("ann").await;
    let (_, search) = page(&site, &mut ann, "/p/it/search?q=Password").await;
    let address = "/p/it/kb/101?q=Password";
    for part in ["A good <mark>password</mark>", "How to choose one", address] {
        assert!(search.contains(part), "without {part}: {search}");
    }
    assert!(!search.contains("of the team"), "{search}");
    let (status, article) = page(&site, &mut ann, address).await;
    assert_eq!(status, StatusCode::OK, "{article}");
    for part in ["A good password", "Three words", "https://example.org/"] {
        assert!(article.contains(part), "without {part}: {article}");
    }
    let main = article.split_once("<main").unwrap().1.split_once("</main>").unwrap().0;
    for harm in
        ["onclick", "<script", "<svg onload", "<form", "<input", "javascript:", "evil", "/wiki/"]
    {
        assert!(!main.contains(harm), "with {harm}: {main}");
    }
}

/// Beside the form of a request, by its name: it may be answered already.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_names_articles_that_may_already_help() {
    let site = hosted(JsmSettings::cloud(), PUBLIC).await;
    let request_access = Article {
        id: 103,
        title: "How to request access".to_owned(),
        excerpt: String::new(),
        html: "<p>Ask.</p>".to_owned(),
        project: Some("IT".to_owned()),
    };
    site.jsm.add_article(request_access);
    let mut ann = site.logged_in("ann").await;
    let (status, form) = page(&site, &mut ann, "/p/it/create/66").await;
    assert_eq!(status, StatusCode::OK);
    let link = "<a href=\"/p/it/kb/103?q=Request%20access\" dir=\"auto\">How to request access</a>";
    assert!(form.contains(link) && !form.contains("of the team"), "without {link}: {form}");
    let (status, _) = page(&site, &mut ann, "/p/it/kb/103?q=Request%20access").await;
    assert_eq!(status, StatusCode::OK);
}

/// Of another portal, found by other words, without words, or not there at all: all the same.
#[tokio::test(flavor = "multi_thread")]
async fn p20_an_article_that_no_search_of_the_portal_finds_is_not_there() {
    let site = hosted(JsmSettings::cloud(), PUBLIC).await;
    let mut ann = site.logged_in("ann").await;
    for path in [
        "/p/it/kb/102?q=password",
        "/p/it/kb/101?q=printer",
        "/p/it/kb/101",
        "/p/it/kb/999?q=password",
        "/p/it/kb/101%2F..%2F102?q=password",
        "/p/it/kb/x?q=password",
    ] {
        let (status, body) = page(&site, &mut ann, path).await;
        assert!(status.is_client_error() && !body.contains("password"), "{path}: {status} {body}");
    }
    let views = site.jsm.seen().into_iter().filter(|call| call.path().contains("/article/view/"));
    assert_eq!(views.count(), 0);
}

/// Data Center's REST API has no knowledge base, and by default there is none on Cloud either.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_knowledge_base_jsm_is_not_asked_for_one() {
    for (jsm, toml) in [(JsmSettings::cloud(), ""), (JsmSettings::data_center(), PUBLIC)] {
        let site = hosted(jsm, toml).await;
        let mut ann = site.logged_in("ann").await;
        let (status, search) = page(&site, &mut ann, "/p/it/search?q=password").await;
        assert_eq!(status, StatusCode::OK);
        assert!(search.contains("Nothing found"), "{search}");
        assert_eq!(page(&site, &mut ann, "/p/it/kb/101?q=password").await.0, StatusCode::NOT_FOUND);
        let asked =
            site.jsm.seen().into_iter().filter(|call| call.path().contains("knowledgebase"));
        assert_eq!(asked.count(), 0);
    }
}

/// One box for everything: it also takes the number of a request, or an address of Atlassian's that has one.
#[tokio::test(flavor = "multi_thread")]
async fn one_search_is_over_types_requests_and_articles() {
    let site = hosted(JsmSettings::cloud(), PUBLIC).await;
    let key = site.jsm.add_request("IT", ANN, "No access without a password");
    site.jsm.add_article(Article {
        id: 104,
        title: "How to get access".to_owned(),
        excerpt: String::new(),
        html: "<p>Ask</p>".to_owned(),
        project: Some("IT".to_owned()),
    });
    let mut ann = site.logged_in("ann").await;
    let (_, found) = page(&site, &mut ann, "/p/it/search?q=access").await;
    for part in ["/p/it/create/66", &format!("/p/it/{key}\""), "/p/it/kb/104?q=access"] {
        assert!(found.contains(part), "without {part}: {found}");
    }
    for typed in [
        key.to_lowercase(),
        format!("https%3A%2F%2Facme.atlassian.net%2Fbrowse%2F{key}"),
        format!(
            "https%3A%2F%2Facme.atlassian.net%2Fservicedesk%2Fcustomer%2Fportal%2F2%2F{key}%3Fa"
        ),
    ] {
        let request = ann.open(&site.at(&format!("/p/it/search?q={typed}"))).await;
        assert_eq!(request.url.path(), format!("/p/it/{key}"), "{typed}");
    }
}
