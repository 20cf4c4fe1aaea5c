//! A gate with its neighbours, ready for a test.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use jsm_gate::auth;
use jsm_gate::config;
use jsm_gate::domain::Clock;
use jsm_gate::server::{self, Running};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sandbox::jsm::{IdentityProvider, Jsm, JsmSettings, SeenRequest};
use sandbox::provider::{Provider, ProviderSettings};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub(crate) use crate::ports::free_address;
use crate::process::moved_configuration;
use crate::rsa_pair::RsaPair;
use crate::visitor::{Page, Visitor};

/// After this long something that should have happened has not.
pub(crate) const TEST_TIMEOUT: Duration = Duration::from_secs(20);

/// The name every page of the stand-in JSM shows for Ann.
pub(crate) const ANN: &str = "ann@example.com";

const TLS_FILES: &str = "certificate = \"certificate.pem\"\nprivate_key = \"private-key.pem\"";

const IDENTITY: &str = r#"[forward.identity]
            X-Forwarded-User = "{email}"
            X-Gate-Groups = "{groups}""#;

const BY_SAML: &str = "jira_login = \"saml\"";

/// A key that the gate need not make.
pub(crate) const KEY_FILES: &str =
    "signing_key_file = \"saml-key.pem\"\nsigning_certificate_file = \"saml.pem\"";

const JIRA: &str = "[[service_provider]]\nid = \"jira\"\npreset = \"jira-data-center\"\n";

/// What a gate stands between.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Neighbour {
    Provider,
    Jsm,
}

/// What a test wants to be different.
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub(crate) struct SiteBuilder {
    jsm: JsmSettings,
    at_base_address: bool,
    upstream: Option<String>,
    upstream_is_jsm: bool,
    down: Vec<Neighbour>,
    tls: bool,
    more: String,
    jsm_keys: String,
    gate: String,
    limits: String,
    session: String,
    forward: String,
    provider: String,
    scopes: &'static str,
    has_jira_login: bool,
}

/// A gate on plain http at a loopback address, with a Data Center behind it whose base address is
/// the gate's and that knows Ann by `X-Forwarded-User`.
pub(crate) fn site() -> SiteBuilder {
    SiteBuilder {
        jsm: JsmSettings::data_center(),
        at_base_address: true,
        upstream: None,
        upstream_is_jsm: false,
        down: Vec::new(),
        tls: false,
        more: String::new(),
        jsm_keys: String::new(),
        gate: String::new(),
        limits: String::new(),
        session: String::new(),
        forward: String::new(),
        provider: String::new(),
        scopes: "",
        has_jira_login: false,
    }
}

impl SiteBuilder {
    /// Another JSM behind it.
    pub(crate) fn in_front_of(mut self, jsm: JsmSettings) -> Self {
        self.jsm = jsm;
        self
    }

    /// JSM thinks it lives at an address of its own.
    pub(crate) fn with_another_base_address(mut self) -> Self {
        self.at_base_address = false;
        self
    }

    /// Requests go to a server that is no JSM at all.
    pub(crate) fn with_upstream(self, address: SocketAddr) -> Self {
        self.with_upstream_url(&format!("http://{address}"))
    }

    /// The same, by its whole address.
    pub(crate) fn with_upstream_url(mut self, url: &str) -> Self {
        self.upstream = Some(url.to_owned());
        self
    }

    /// Requests go to another server, which lists portals as a JSM does.
    pub(crate) fn with_jsm_at(self, address: SocketAddr) -> Self {
        Self { upstream_is_jsm: true, ..self.with_upstream(address) }
    }

    pub(crate) fn while_the_provider_is_down(mut self) -> Self {
        self.down.push(Neighbour::Provider);
        self
    }

    pub(crate) fn while_jsm_is_down(mut self) -> Self {
        self.down.push(Neighbour::Jsm);
        self
    }

    /// Over https, and so over HTTP/2 too.
    pub(crate) fn over_tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// More sections in `proxy.toml`.
    pub(crate) fn with(mut self, toml: &str) -> Self {
        self.more.push_str(toml);
        self.more.push('\n');
        self
    }

    /// A `[[service_provider]]` with these keys, for which the gate signs with a key that is there already.
    pub(crate) fn with_service_provider(self, toml: &str) -> Self {
        self.with(&format!("[[service_provider]]\n{KEY_FILES}\n{toml}"))
    }

    /// More keys in `[jsm]`.
    pub(crate) fn with_jsm(mut self, toml: &str) -> Self {
        self.jsm_keys.push('\n');
        self.jsm_keys.push_str(toml);
        self
    }

    /// More keys in `[gate]`.
    pub(crate) fn with_gate(mut self, toml: &str) -> Self {
        self.gate.push('\n');
        self.gate.push_str(toml);
        self
    }

    /// More keys in `[limits]`.
    pub(crate) fn with_limit(mut self, toml: &str) -> Self {
        self.limits.push_str(toml);
        self.limits.push('\n');
        self
    }

    /// More keys in `[session]`.
    pub(crate) fn with_session(mut self, toml: &str) -> Self {
        self.session.push_str(toml);
        self.session.push('\n');
        self
    }

    /// More keys in `[[provider]]`.
    pub(crate) fn with_provider(mut self, toml: &str) -> Self {
        self.provider.push_str(toml);
        self.provider.push('\n');
        self
    }

    /// With logins that last beyond the browser's stay at the provider: refresh tokens.
    pub(crate) fn with_refresh(mut self) -> Self {
        self.scopes = ", \"offline_access\"";
        self
    }

    /// More keys in `[forward]`.
    pub(crate) fn with_forward(mut self, toml: &str) -> Self {
        self.forward.push_str(toml);
        self.forward.push('\n');
        self
    }

    /// With Jira's own login, for which the gate is the identity provider, in place of headers that Jira
    /// trusts. The gate signs with a key that is there already.
    pub(crate) fn with_jira_login(self) -> Self {
        self.with_jira_login_and(KEY_FILES)
    }

    /// The same with these keys of the service provider.
    pub(crate) fn with_jira_login_and(mut self, toml: &str) -> Self {
        self.jsm = self.jsm.with_saml_login();
        self.has_jira_login = true;
        self.with(&format!("{JIRA}{toml}"))
    }

    /// Starts everything, and waits until the gate knows whatever is up.
    pub(crate) async fn start(mut self) -> Site {
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = TempDir::new().unwrap();
        let address = free_address();
        let url = format!("{}://{address}", if self.tls { "https" } else { "http" });
        if self.at_base_address {
            self.jsm.base_url = Some(format!("{url}{}", self.jsm.context_path));
        }
        self.forward = forward_keys(&self.forward);
        let jsm = Jsm::start(self.jsm.clone()).await.unwrap();
        let mut provider = Provider::start(ProviderSettings::default()).await.unwrap();
        let is_down = |neighbour| self.down.contains(&neighbour);
        if is_down(Neighbour::Jsm) {
            jsm.go_down().await;
        }
        if is_down(Neighbour::Provider) {
            provider.stop().await;
        }
        let certificate = self.tls.then(|| write_certificate(folder.path()));
        let file = self.configure(folder.path(), &url, address, &jsm, &provider);
        let loaded = config::load(&file).unwrap_or_else(|errors| panic!("{errors}"));
        let ahead = Arc::new(AtomicU64::new(0));
        let gate = server::start(loaded.config, clock(&ahead)).unwrap();
        let site = Site { url, address, jsm, provider, gate, folder, certificate, ahead };
        let lists = self.upstream.is_none() || self.upstream_is_jsm;
        let portals = !is_down(Neighbour::Jsm) && lists;
        site.settle(!is_down(Neighbour::Provider), portals).await;
        if self.has_jira_login {
            site.set_up_jira_login().await;
        }
        site
    }

    fn configure(
        &self,
        folder: &Path,
        url: &str,
        address: SocketAddr,
        jsm: &Jsm,
        provider: &Provider,
    ) -> std::path::PathBuf {
        write_secret(folder, "jsm-token", &self.jsm.token);
        write_secret(folder, "client-secret", "sandbox-secret");
        write_secret(folder, "session-secret", &config::new_secret());
        if self.more.contains("saml-key.pem") {
            let RsaPair { key, certificate } = RsaPair::shared(0);
            write_secret(folder, "saml-key.pem", key);
            write_secret(folder, "saml.pem", certificate);
        }
        let text = self.configuration(url, address, jsm, provider);
        let file = folder.join("proxy.toml");
        fs::write(&file, text).unwrap();
        file
    }

    fn configuration(
        &self,
        url: &str,
        address: SocketAddr,
        jsm: &Jsm,
        provider: &Provider,
    ) -> String {
        let upstream = self.upstream.clone().unwrap_or_else(|| jsm.url());
        let (api, issuer, email) = (jsm.origin(), provider.issuer(), &self.jsm.email);
        let host = if self.at_base_address { "public" } else { "upstream" };
        let Self { more, gate, jsm_keys, limits, session, forward, scopes, .. } = self;
        let (tls, keys) = (if self.tls { TLS_FILES } else { "" }, &self.provider);
        let identity = if self.has_jira_login { BY_SAML } else { IDENTITY };
        format!(
            r#"
            [gate]
            public_url = "{url}"
            listen = ["{address}"]
            {tls}{gate}
            operations_listen = "127.0.0.1:0"
            state_dir = "state"

            [jsm]
            url = "{upstream}"
            email = "{email}"
            api_token_file = "jsm-token"
            cloud_api_url = "{api}"
            refresh = "1s"{jsm_keys}
            [[provider]]
            id = "idp"
            name = "Example Organisation"
            issuer = "{issuer}"
            client_id = "jsm-gate"
            client_secret_file = "client-secret"
            scopes = ["openid", "profile", "email", "groups"{scopes}]
            {keys}
            [session]
            secret_file = "session-secret"
            {session}
            [limits]
            {limits}
            [forward]
            host = "{host}"
            {forward}
            {identity}
            {more}"#
        )
    }
}

/// A running gate and its neighbours.
pub(crate) struct Site {
    /// The public address, without a trailing slash.
    pub(crate) url: String,
    /// Where the gate listens.
    pub(crate) address: SocketAddr,
    pub(crate) jsm: Jsm,
    pub(crate) provider: Provider,
    pub(crate) gate: Running,
    pub(crate) folder: TempDir,
    /// The gate's own certificate, which nobody else trusts.
    pub(crate) certificate: Option<String>,
    ahead: Arc<AtomicU64>,
}

impl Site {
    /// The absolute address of a path.
    pub(crate) fn at(&self, target: &str) -> String {
        format!("{}{target}", self.url)
    }

    /// A new private window.
    pub(crate) fn visitor(&self) -> Visitor {
        match &self.certificate {
            Some(certificate) => Visitor::new(certificate),
            None => Visitor::with(reqwest::Client::builder().tls_certs_only([])),
        }
    }

    /// A window in which somebody has logged in.
    pub(crate) async fn logged_in(&self, username: &str) -> Visitor {
        let mut visitor = self.visitor();
        let page = visitor.open(&self.at("/servicedesk/customer/portals")).await;
        let page = log_in(&mut visitor, &page, username).await;
        assert!(page.url.as_str().starts_with(&self.url), "not logged in: {page:?}");
        visitor
    }

    /// Tells Jira of the gate, as an administrator does.
    async fn set_up_jira_login(&self) {
        let certificate =
            self.visitor().open(&self.at("/_gate/saml/jira/certificate.pem")).await.body;
        let [issuer, sso_url] =
            ["metadata", "sso"].map(|it| self.at(&format!("/_gate/saml/jira/{it}")));
        let ours = IdentityProvider::for_customers(&issuer, &sso_url, &certificate);
        self.jsm.add_identity_provider(ours).unwrap();
        self.jsm.show_login_form_for_customers(false);
    }

    /// A connection to the gate over TLS that speaks one protocol.
    pub(crate) async fn connect_tls(&self, protocol: &str) -> TlsStream<TcpStream> {
        self.connect_tls_to(self.address, protocol).await
    }

    /// The same, to another gate with the same certificate.
    pub(crate) async fn connect_tls_to(
        &self,
        address: SocketAddr,
        protocol: &str,
    ) -> TlsStream<TcpStream> {
        let pem = self.certificate.as_ref().expect("a site over TLS");
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
        let mut config =
            rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![protocol.into()];
        let stream = TcpStream::connect(address).await.unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect("127.0.0.1".try_into().unwrap(), stream).await.unwrap()
    }

    /// What customers' requests looked like when they reached JSM.
    pub(crate) fn forwarded(&self) -> Vec<SeenRequest> {
        let seen = self.jsm.seen().into_iter();
        seen.filter(|request| request.headers.contains_key("x-request-id")).collect()
    }

    /// Moves the gate's clock ahead.
    pub(crate) fn let_pass(&self, duration: Duration) {
        self.ahead.fetch_add(duration.as_secs(), Ordering::SeqCst);
    }

    /// A second gate in this process, with the same clock.
    pub(crate) async fn beside(&self) -> (Running, String) {
        let address = free_address();
        let loaded = config::load(&moved_configuration(self, address)).unwrap();
        let gate = server::start(loaded.config, clock(&self.ahead)).unwrap();
        let assembly = gate.assembly();
        until("the second gate has settled", || {
            assembly.authenticator().providers().iter().all(auth::Provider::is_ready)
                && !assembly.directory().portals().all().is_empty()
                && assembly.upstream_is_resolved()
        })
        .await;
        (gate, format!("http://{address}"))
    }

    /// Waits until the gate has found out what is to be found out.
    pub(crate) async fn settle(&self, provider: bool, jsm: bool) {
        let assembly = self.gate.assembly();
        until("the gate has settled", || {
            let ready = assembly.authenticator().providers().iter().all(auth::Provider::is_ready);
            let listed = !assembly.directory().portals().all().is_empty();
            ready == provider && listed == jsm && assembly.upstream_is_resolved()
        })
        .await;
    }
}

/// Logs in at the stand-in provider's form.
pub(crate) async fn log_in(visitor: &mut Visitor, page: &Page, username: &str) -> Page {
    visitor.submit(page, "/login", &[("username", username), ("password", "demo")]).await
}

/// Waits for a condition.
pub(crate) async fn until(what: &str, holds: impl Fn() -> bool) {
    let waiting = async {
        while !holds() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(timeout(TEST_TIMEOUT, waiting).await.is_ok(), "not so after {TEST_TIMEOUT:?}: {what}");
}

#[expect(clippy::disallowed_methods, reason = "the tests' own clock runs ahead of the machine's")]
fn clock(ahead: &Arc<AtomicU64>) -> Clock {
    let ahead = Arc::clone(ahead);
    Clock::from_fn(move || SystemTime::now() + Duration::from_secs(ahead.load(Ordering::SeqCst)))
}

/// An upstream of a test counts requests: it is asked how it is only where the test is about that.
fn forward_keys(given: &str) -> String {
    let checks = "health_interval = \"1h\"\n";
    if given.contains("health_interval") { given.to_owned() } else { format!("{checks}{given}") }
}

pub(crate) fn write_certificate(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.join("certificate.pem"), made.cert.pem()).unwrap();
    write_secret(folder, "private-key.pem", &made.signing_key.serialize_pem());
    made.cert.pem()
}

fn write_secret(folder: &Path, name: &str, secret: &str) {
    let file = folder.join(name);
    fs::write(&file, secret).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
}
