//! `jsm-gate demo`, as somebody tries it out who has nothing set up.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use reqwest::StatusCode;
use tokio::task::spawn_blocking;

use crate::control::{run, text};
use crate::site::{free_address, log_in};
use crate::visitor::Visitor;

struct Demo {
    child: Child,
    said: String,
}

impl Demo {
    /// On all addresses, as somebody types who knows servers.
    async fn start() -> Self {
        let port = six_free_ports();
        let mut command = Command::new(env!("CARGO_BIN_EXE_jsm-gate"));
        command.args(["demo", "--listen", &format!("0.0.0.0:{port}")]);
        spawn_blocking(move || {
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            let mut out = BufReader::new(child.stdout.take().unwrap());
            let mut said = String::new();
            while !said.contains("Stop with Ctrl-C") {
                assert!(out.read_line(&mut said).unwrap() > 0, "it ended: {said}");
            }
            Self { child, said }
        })
        .await
        .unwrap()
    }

    /// The word that follows another.
    fn after(&self, word: &str) -> &str {
        let (_, rest) = self.said.split_once(word).unwrap_or_else(|| panic!("{}", self.said));
        rest.split_whitespace().next().unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first of six in a row that no other test has.
fn six_free_ports() -> u16 {
    loop {
        let [first, rest @ ..] = std::array::from_fn::<u16, 6, _>(|_| free_address().port());
        if rest == [first + 1, first + 2, first + 3, first + 4, first + 5] {
            return first;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_shows_what_there_is_by_addresses_and_commands_that_work() {
    let demo = Demo::start().await;
    assert!(!demo.said.contains("0.0.0.0"), "no browser opens that: {}", demo.said);
    let url = demo.after("Data Center runs at ").to_owned();
    let file = Path::new(demo.after("sessions list --config "));
    let certificate = std::fs::read_to_string(file.with_file_name("certificate.pem")).unwrap();

    let mut ann = Visitor::new(&certificate).with_scripts();
    let choice = ann.open(&format!("{url}/p/it")).await;
    for name in ["Example Organisation", "Partner Company"] {
        assert!(choice.body.contains(name), "no choice of {name}: {}", choice.body);
    }
    let at_provider = ann.open(&format!("{url}/_gate/login?provider=demo&return_to=/p/it")).await;
    let page = log_in(&mut ann, &at_provider, "ann").await;
    assert_eq!(page.status, StatusCode::OK, "{page:?}");
    assert!(page.body.contains("id=\"customer\">ann@example.com<"), "Jira knows her: {page:?}");
    let listed = text(&run(file, &["sessions", "list"]).await.stdout);
    assert!(listed.contains("ann@example.com"), "{listed}");

    let wish =
        ["emergency", "--for", "ann@example.com", "--portals", "it", "--reason", "tried out"];
    let link = text(&run(file, &wish).await.stdout);
    assert!(link.contains(&format!("{url}/_gate/emergency")), "{link}");
    assert_eq!(text(&run(file, &["reload"]).await.stdout), "reloaded\n");
    let metrics = Visitor::with(reqwest::Client::builder().tls_certs_only([]))
        .open(demo.after("/readyz\n  curl "))
        .await;
    assert!(metrics.body.contains("jsm_gate_provider_up{provider=\"partner\"}"), "{metrics:?}");
    for words in ["/_gate/logout", "/p/hr", "emergency --end", "check --as"] {
        assert!(demo.said.contains(words), "no word of {words}: {}", demo.said);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_has_a_cloud_site_beside_it_whose_portals_are_the_gates_own() {
    let demo = Demo::start().await;
    let url = demo.after("Cloud site runs at ").to_owned();
    let file = Path::new(demo.after("sessions list --config "));
    let certificate = std::fs::read_to_string(file.with_file_name("certificate.pem")).unwrap();
    let mut ann = Visitor::new(&certificate);
    let at_provider = ann.open(&format!("{url}/_gate/login?provider=demo&return_to=/p/it")).await;
    let home = log_in(&mut ann, &at_provider, "ann").await;
    assert_eq!(home.status, StatusCode::OK, "{home:?}");
    for words in ["My second screen stays dark", "Request access"] {
        assert!(home.body.contains(words), "no {words}: {}", home.body);
    }
}
