//! The gate's pages in the languages and time zones of those who read them.

use reqwest::{Method, RequestBuilder, StatusCode};
use rstest::rstest;
use sandbox::jsm::JsmSettings;

use crate::hosted_site::{ANN, OPEN_IT, with_customers};
use crate::site::{Site, site};
use crate::visitor::Visitor;

const PREFERENCES: &str = "/_gate/preferences";

async fn hosted(toml: &str) -> Site {
    with_customers(site().in_front_of(JsmSettings::cloud()).with(toml)).await
}

/// A page as a browser gets it that asks for these languages.
async fn page(site: &Site, visitor: &mut Visitor, path: &str, languages: &str) -> String {
    let answer = answer(site, visitor, path, languages).await;
    answer.text().await.unwrap().replace("&#x2f;", "/")
}

async fn answer(
    site: &Site,
    visitor: &mut Visitor,
    path: &str,
    languages: &str,
) -> reqwest::Response {
    let asks = |get: RequestBuilder| {
        get.header("accept", "text/html").header("accept-language", languages)
    };
    visitor.request(Method::GET, &site.at(path), asks).await
}

/// Sends the form with a choice, from a page at `from`.
async fn choose(
    site: &Site,
    visitor: &mut Visitor,
    language: &str,
    zone: &str,
    from: &str,
) -> String {
    let form = [("language", language), ("zone", zone), ("return_to", from)];
    let post = |post: RequestBuilder| {
        post.header("origin", &site.url).header("accept", "text/html").form(&form)
    };
    let answer = visitor.request(Method::POST, &site.at(PREFERENCES), post).await;
    match answer.headers().get("location") {
        Some(location) => location.to_str().unwrap().to_owned(),
        None => answer.text().await.unwrap(),
    }
}

#[rstest]
#[case("en-GB,en;q=0.9", "en", "There is no such page")]
#[case("de-AT,de;q=0.9,en;q=0.5", "de", "Diese Seite gibt es nicht")]
#[case("fr", "fr", "Cette page n’existe pas")]
#[case("es-MX", "es", "Esta página no existe")]
#[case("ja,en;q=0.5", "ja", "このページはありません")]
#[case("pt-BR", "en", "There is no such page")]
#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_in_the_language_that_the_browser_asks_for(
    #[case] asked: &str,
    #[case] language: &str,
    #[case] heading: &str,
) {
    let site = site().start().await;
    let answer = answer(&site, &mut site.visitor(), "/_gate/nothing", asked).await;
    let vary = answer.headers()["vary"].to_str().unwrap().to_owned();
    assert_eq!(vary, "Accept, Accept-Language, Cookie");
    let body = answer.text().await.unwrap();
    assert!(body.contains(&format!("<html lang=\"{language}\"")), "{body}");
    assert!(body.contains(&format!("<h1>{heading}</h1>")), "{body}");
}

/// What the request path refuses, before any page is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_in_the_customers_language() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let refused = page(&site, &mut ann, "/secure/Dashboard.jspa", "de").await;
    assert!(refused.contains("Diese Adresse ist hier nicht zugänglich"), "{refused}");
    assert!(refused.contains("Sie sind als <strong>ann@example.com</strong> angemeldet."));
    let home = page(&site, &mut ann, "/", "fr").await;
    assert!(home.contains("<h1>Vos portails</h1>"), "{home}");
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_told_in_english() {
    let site = site().start().await;
    let asks = |get: RequestBuilder| {
        get.header("accept", "application/json").header("accept-language", "de")
    };
    let answer = site.visitor().request(Method::GET, &site.at("/_gate/nothing"), asks).await;
    let told: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(told["message"], "The address leads nowhere.");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_of_the_languages_is_for_whoever_asks_for_none_of_them() {
    let site = site().with("[hosted]\nlanguages = [\"fr\", \"de\"]").start().await;
    let mut stranger = site.visitor();
    let french = page(&site, &mut stranger, "/_gate/nothing", "en").await;
    assert!(french.contains("<html lang=\"fr\""), "{french}");
    let offered = page(&site, &mut stranger, PREFERENCES, "de").await;
    assert!(offered.contains("Français") && offered.contains("Deutsch"), "{offered}");
    assert!(!offered.contains("English") && !offered.contains("日本語"), "{offered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_chooses_a_language_and_a_time_zone_and_comes_back() {
    let site = hosted(OPEN_IT).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    let asked = ann.open(&site.at(PREFERENCES)).await;
    let offered = asked.body.replace("&#x2f;", "/");
    assert!(offered.contains("<option value=\"Asia/Tokyo\">Tokyo</option>"), "{offered}");
    let to = choose(&site, &mut ann, "ja", "Asia/Tokyo", "/p/it/requests?q=x").await;
    assert_eq!(to, site.at("/p/it/requests?q=x"));
    assert_eq!(ann.cookie("gate-preferences"), Some("ja:Asia/Tokyo"));
    let request = page(&site, &mut ann, &format!("/p/it/{key}"), "de").await;
    assert!(
        request.contains("<html lang=\"ja\"") && request.contains("自分のリクエスト"),
        "{request}"
    );
    assert!(request.contains("+09:00\">"), "not in Tokyo's time: {request}");
    let asked = page(&site, &mut ann, PREFERENCES, "de").await;
    assert!(asked.contains("<option value=\"Asia/Tokyo\" selected>"), "{asked}");
    assert!(asked.contains("id=\"language-ja\" value=\"ja\" checked"), "{asked}");
}

/// Also who is not logged in. The page may lead on to the provider's, so a page sends them there.
#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_chooses_a_language_and_comes_back() {
    let site = site().start().await;
    let mut stranger = site.visitor();
    let from = site.at("/_gate/logged-out");
    let asks = |get: RequestBuilder| get.header("accept", "text/html").header("referer", from);
    let asked = stranger.request(Method::GET, &site.at(PREFERENCES), asks).await;
    let asked = asked.text().await.unwrap().replace("&#x2f;", "/");
    assert!(asked.contains("name=\"return_to\" value=\"/_gate/logged-out\""), "{asked}");
    let sent_on = choose(&site, &mut stranger, "es", "", "/_gate/logged-out").await;
    let sent_on = sent_on.replace("&#x2f;", "/");
    assert!(
        sent_on.contains("url=/_gate/logged-out") && sent_on.contains("Continuar"),
        "{sent_on}"
    );
    let back = page(&site, &mut stranger, "/_gate/logged-out", "de").await;
    assert!(back.contains("<h1>Ha cerrado sesión</h1>"), "{back}");
}

/// In the frame of the portal that its reader comes from, with the heading that the link has.
#[tokio::test(flavor = "multi_thread")]
async fn the_account_has_a_page_and_strangers_have_none() {
    let site = hosted(OPEN_IT).await;
    let mut ann = site.logged_in("ann").await;
    for (from, link) in [("/p/it/requests?q=x", "/p/it/requests"), ("/", "/_gate/requests")] {
        let asks = |get: RequestBuilder| {
            get.header("accept", "text/html").header("referer", site.at(from))
        };
        let account = ann.request(Method::GET, &site.at(PREFERENCES), asks).await;
        let account = account.text().await.unwrap().replace("&#x2f;", "/");
        for part in [
            "<h1>Account</h1>",
            "<a href=\"/_gate/preferences\" aria-current=\"page\">Account</a>",
            &format!("<a href=\"{link}\">My requests</a>"),
            "<dd>ann@example.com</dd>",
        ] {
            assert!(account.contains(part), "from {from}, without {part}: {account}");
        }
    }
    let nobodys = page(&site, &mut site.visitor(), PREFERENCES, "en").await;
    assert!(nobodys.contains("<h1>Language and time zone</h1>"), "{nobodys}");
    assert!(!nobodys.contains("Account") && !nobodys.contains("My requests"), "{nobodys}");
}

#[rstest]
#[case("//evil.example.com/")]
#[case("https://evil.example.com/")]
#[case("/_gate/callback/okta?code=1")]
#[tokio::test(flavor = "multi_thread")]
async fn e1_a_choice_leads_to_no_other_place(#[case] return_to: &str) {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let to = choose(&site, &mut ann, "de", "", return_to).await;
    assert_eq!(to, site.at("/_gate/preferences?said=saved"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_other_site_chooses_for_a_customer() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    let post = |post: RequestBuilder| {
        post.header("origin", "https://evil.example.com").form(&[("language", "ja")])
    };
    let answer = ann.request(Method::POST, &site.at(PREFERENCES), post).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(ann.cookie("gate-preferences"), None);
}

#[rstest]
#[case("xx:Nowhere")]
#[case("de'><script>:../../etc/passwd")]
#[case(":")]
#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_of_somebody_elses_making_chooses_nothing(#[case] value: &str) {
    let site = site().start().await;
    let mut stranger = site.visitor();
    stranger.plant_cookie(&site.url, "gate-preferences", value);
    let page = page(&site, &mut stranger, PREFERENCES, "fr").await;
    assert!(page.contains("<html lang=\"fr\"") && !page.contains("<script>"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jsm_never_sees_the_choice() {
    let site = site().start().await;
    let mut ann = site.logged_in("ann").await;
    choose(&site, &mut ann, "de", "", "/").await;
    site.jsm.clear_seen();
    ann.open(&site.at("/p/it")).await;
    let [seen] = &site.forwarded()[..] else { panic!("not forwarded once") };
    let cookies = seen.headers.get("cookie").map(|it| it.to_str().unwrap()).unwrap_or_default();
    assert!(!cookies.contains("preferences"), "{cookies}");
}

/// JSM's own texts come in the language of whoever asks, whoever asked before.
#[tokio::test(flavor = "multi_thread")]
async fn jsms_texts_are_in_the_language_of_each_customer() {
    let site = hosted(OPEN_IT).await;
    let key = site.jsm.add_request("IT", ANN, "My screen is dark");
    let mut ann = site.logged_in("ann").await;
    for (language, status) in
        [("de", "Warten auf Support"), ("en", "Waiting for support"), ("de", "Warten auf Support")]
    {
        let request = page(&site, &mut ann, &format!("/p/it/{key}"), language).await;
        assert!(request.contains(status), "{language}: {request}");
    }
    let asked: Vec<_> = site.jsm.seen().into_iter().map(|seen| seen.target).collect();
    assert!(asked.iter().any(|it| it.contains("requestLanguage=de-DE")), "{asked:?}");
}
