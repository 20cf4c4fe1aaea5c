//! A service provider as small as a test needs: it makes requests, signed or not, takes the form that the gate's
//! page posts, and has the crate `saml` judge what is in it.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use saml::inspect::{self, Expected, ExpectedNameId};
use saml::{RequestId, SigningKey};
use tempfile::TempDir;

use crate::rsa_pair::RsaPair;
use crate::visitor::{Page, fields};

/// How a query is signed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Algorithm {
    RsaSha256,
    RsaSha384,
    RsaSha512,
}

impl Algorithm {
    fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::RsaSha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        }
    }

    fn sign(self, message: &[u8]) -> String {
        let encoding: &dyn RsaEncoding = match self {
            Self::RsaSha256 => &RSA_PKCS1_SHA256,
            Self::RsaSha384 => &RSA_PKCS1_SHA384,
            Self::RsaSha512 => &RSA_PKCS1_SHA512,
        };
        let key = RsaKeyPair::from_pkcs8(&pkcs8(of_a_peer())).unwrap();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
        BASE64_STANDARD.encode(signature)
    }
}

/// What the gate signs with, as [`crate::site`] writes it into its folder.
fn of_the_gate() -> &'static RsaPair {
    RsaPair::shared(0)
}

/// What service providers sign with.
fn of_a_peer() -> &'static RsaPair {
    RsaPair::shared(1)
}

fn pkcs8(pair: &RsaPair) -> Vec<u8> {
    let key = PrivatePkcs8KeyDer::from_pem_slice(pair.key.as_bytes()).unwrap();
    key.secret_pkcs8_der().to_vec()
}

fn certificate_der(pair: &RsaPair) -> Vec<u8> {
    CertificateDer::from_pem_slice(pair.certificate.as_bytes()).unwrap().to_vec()
}

/// A service provider that the gate knows by an id.
pub(crate) struct ServiceProvider {
    pub(crate) id: &'static str,
    pub(crate) entity_id: String,
    pub(crate) acs: String,
    /// More keys of its section, before its tables.
    keys: String,
    /// The folder of its certificate, if it signs.
    folder: Option<TempDir>,
    /// How it signs queries.
    algorithm: Algorithm,
}

/// What it asks for.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) id: String,
    /// The attributes of the element besides its identifier, in the order of canonical XML with it.
    attributes: Vec<(&'static str, String)>,
    issuer: String,
    /// What follows the issuer and the signature.
    content: String,
}

/// What the gate's page posts.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The decoded Response.
    pub(crate) xml: String,
    pub(crate) relay_state: Option<String>,
}

impl ServiceProvider {
    /// One that does not sign.
    pub(crate) fn new(id: &'static str) -> Self {
        let entity_id = format!("https://{id}.example.com/metadata?a=1&b=2");
        let acs = format!("https://{id}.example.com/acs?connection=1&more=2");
        let algorithm = Algorithm::RsaSha256;
        Self { id, entity_id, acs, keys: String::new(), folder: None, algorithm }
    }

    /// The same, which signs its requests.
    pub(crate) fn signing(self) -> Self {
        let folder = TempDir::new().unwrap();
        let certificate = folder.path().join("peer.pem");
        fs::write(&certificate, &of_a_peer().certificate).unwrap();
        let line = format!("certificate_file = \"{}\"", certificate.display());
        Self { folder: Some(folder), ..self }.with(&line)
    }

    /// The same, which signs queries in this way.
    pub(crate) fn by(self, algorithm: Algorithm) -> Self {
        Self { algorithm, ..self }
    }

    /// The same with more keys in its section. Tables come last.
    pub(crate) fn with(mut self, toml: &str) -> Self {
        self.keys.push_str(toml);
        self.keys.push('\n');
        self
    }

    /// Its section of `proxy.toml`.
    pub(crate) fn toml(&self) -> String {
        self.toml_of("saml")
    }

    /// The same for a preset.
    pub(crate) fn toml_of(&self, preset: &str) -> String {
        let Self { id, entity_id, acs, keys, .. } = self;
        format!(
            "[[service_provider]]\nid = \"{id}\"\npreset = \"{preset}\"\nentity_id = \"{entity_id}\"\n\
             acs_url = \"{acs}\"\nsigning_key_file = \"saml-key.pem\"\n\
             signing_certificate_file = \"saml.pem\"\n{keys}"
        )
    }

    /// A page of the gate's for it.
    pub(crate) fn at(&self, gate: &str, page: &str) -> String {
        format!("{gate}/_gate/saml/{}/{page}", self.id)
    }

    /// A request for a login.
    pub(crate) fn request(&self, gate: &str) -> Request {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Request {
            id: format!("ONELOGIN_{number:032x}"),
            attributes: vec![
                ("AssertionConsumerServiceURL", self.acs.clone()),
                ("Destination", self.at(gate, "sso")),
                ("IssueInstant", instant(now())),
                ("ProtocolBinding", "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST".to_owned()),
                ("Version", "2.0".to_owned()),
            ],
            issuer: self.entity_id.clone(),
            content: String::new(),
        }
    }

    /// The address that brings a request by HTTP-Redirect.
    pub(crate) fn by_redirect(
        &self,
        gate: &str,
        request: &Request,
        relay_state: Option<&str>,
    ) -> String {
        let mut query = format!("SAMLRequest={}", encoded(&deflated(&request.xml())));
        if let Some(relay_state) = relay_state {
            write!(query, "&RelayState={}", encoded(relay_state)).unwrap();
        }
        if self.folder.is_some() {
            write!(query, "&SigAlg={}", encoded(self.algorithm.uri())).unwrap();
            let signature = self.algorithm.sign(query.as_bytes());
            write!(query, "&Signature={}", encoded(&signature)).unwrap();
        }
        format!("{}?{query}", self.at(gate, "sso"))
    }

    /// The form that brings a request by HTTP-POST.
    pub(crate) fn form(
        &self,
        request: &Request,
        relay_state: Option<&str>,
    ) -> Vec<(&'static str, String)> {
        let xml = if self.folder.is_some() { request.signed() } else { request.xml() };
        let state = relay_state.map(|state| ("RelayState", state.to_owned()));
        [("SAMLRequest", BASE64_STANDARD.encode(xml))].into_iter().chain(state).collect()
    }

    /// What it signs logout messages with.
    pub(crate) fn signing_key() -> SigningKey {
        SigningKey::new(&pkcs8(of_a_peer()), &certificate_der(of_a_peer())).unwrap()
    }

    /// The certificate by which it knows the gate.
    pub(crate) fn certificate_of_the_gate() -> Vec<u8> {
        certificate_der(of_the_gate())
    }

    /// The answer that a page posts to it, with nothing said of what is in it.
    pub(crate) fn posted(&self, page: &Page) -> Answer {
        let all = fields(page, &self.acs);
        let field = |wanted: &str| {
            all.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
        };
        let response = field("SAMLResponse")
            .unwrap_or_else(|| panic!("no answer to {} on {}\n{}", self.acs, page.url, page.body));
        let xml = String::from_utf8(BASE64_STANDARD.decode(response).unwrap()).unwrap();
        Answer { xml, relay_state: field("RelayState") }
    }

    /// The answer that a page posts to it. It keeps every rule of a strict service provider.
    pub(crate) fn answer(&self, gate: &str, page: &Page, request: Option<&Request>) -> Answer {
        self.answer_at(gate, page, request, now())
    }

    /// The same at a time of the gate's.
    pub(crate) fn answer_at(
        &self,
        gate: &str,
        page: &Page,
        request: Option<&Request>,
        now: u64,
    ) -> Answer {
        let answer = self.posted(page);
        let in_response_to = request.map(|request| RequestId::parse(&request.id).unwrap());
        let expected = Expected {
            issuer: &self.at(gate, "metadata"),
            destination: &self.acs,
            audience: &self.entity_id,
            in_response_to: in_response_to.as_ref(),
            certificate_der: &Self::certificate_of_the_gate(),
            name_id: ExpectedNameId::Any,
            now,
        };
        for judgement in inspect::response(&answer.xml, &expected) {
            let rule = judgement.rule;
            judgement.outcome.unwrap_or_else(|why| panic!("{rule}: {why}\n{}", answer.xml));
        }
        answer
    }
}

impl Request {
    /// The same with another value of an attribute, or without it.
    pub(crate) fn with(mut self, name: &'static str, value: Option<&str>) -> Self {
        self.attributes.retain(|(known, _)| *known != name);
        self.attributes.extend(value.map(|value| (name, value.to_owned())));
        self.attributes.sort();
        self
    }

    /// The same that wants the login to be of one of these classes.
    pub(crate) fn with_authn_context(self, comparison: &str, classes: &[&str]) -> Self {
        let class = |class: &&str| {
            format!(
                "<saml:AuthnContextClassRef xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
                 {class}</saml:AuthnContextClassRef>"
            )
        };
        let classes = classes.iter().map(class).collect::<Vec<_>>().concat();
        let content = format!(
            "<samlp:RequestedAuthnContext Comparison=\"{comparison}\">{classes}\
             </samlp:RequestedAuthnContext>"
        );
        Self { content, ..self }
    }

    /// The same with another identifier.
    pub(crate) fn with_id(self, id: &str) -> Self {
        Self { id: id.to_owned(), ..self }
    }

    /// The same from somebody else.
    pub(crate) fn from(self, issuer: &str) -> Self {
        Self { issuer: issuer.to_owned(), ..self }
    }

    /// The document, in canonical XML.
    pub(crate) fn xml(&self) -> String {
        self.document("")
    }

    /// The same, signed (XML Signature Syntax and Processing).
    fn signed(&self) -> String {
        const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
        const C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
        let hash = BASE64_STANDARD.encode(digest(&SHA256, self.xml().as_bytes()));
        let method = |name: &str, algorithm: &str| {
            format!("<ds:{name} Algorithm=\"{algorithm}\"></ds:{name}>")
        };
        let inside = [
            method("CanonicalizationMethod", C14N),
            method("SignatureMethod", Algorithm::RsaSha256.uri()),
            format!("<ds:Reference URI=\"#{}\"><ds:Transforms>", self.id),
            method("Transform", &format!("{DS}enveloped-signature")),
            method("Transform", C14N),
            "</ds:Transforms>".to_owned(),
            method("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha256"),
            format!("<ds:DigestValue>{hash}</ds:DigestValue></ds:Reference>"),
        ]
        .concat();
        let canonical = format!("<ds:SignedInfo xmlns:ds=\"{DS}\">{inside}</ds:SignedInfo>");
        let value = Algorithm::RsaSha256.sign(canonical.as_bytes());
        self.document(&format!(
            "<ds:Signature xmlns:ds=\"{DS}\"><ds:SignedInfo>{inside}</ds:SignedInfo>\
             <ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
        ))
    }

    fn document(&self, signature: &str) -> String {
        let mut attributes = self.attributes.clone();
        attributes.push(("ID", self.id.clone()));
        attributes.sort();
        let attribute = |(name, value): &(&str, String)| {
            format!(" {name}=\"{}\"", escaped(value).replace('"', "&quot;"))
        };
        let attributes = attributes.iter().map(attribute).collect::<Vec<_>>().concat();
        format!(
            "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"{attributes}>\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:Issuer>\
             {signature}{}</samlp:AuthnRequest>",
            escaped(&self.issuer),
            self.content
        )
    }
}

impl Answer {
    /// What stands between the first tags of this name, or what the first attribute of this name says.
    pub(crate) fn part(&self, name: &str) -> Option<String> {
        let element = || {
            let (_, after) = self.xml.split_once(&format!(":{name}"))?;
            let (_, text) = after.split_once('>')?;
            text.split('<').next()
        };
        let attribute = || self.xml.split_once(&format!(" {name}=\""))?.1.split('"').next();
        attribute().or_else(element).map(|text| {
            ["&lt;<", "&gt;>", "&quot;\"", "&amp;&"].iter().fold(text.to_owned(), |text, pair| {
                let (escape, plain) = pair.split_at(pair.len() - 1);
                text.replace(escape, plain)
            })
        })
    }

    /// Who it is about.
    pub(crate) fn name_id(&self) -> String {
        self.part("NameID").unwrap()
    }

    /// The values of an attribute; `None` where there is no such attribute.
    pub(crate) fn values(&self, name: &str) -> Option<Vec<String>> {
        let (_, after) = self.xml.split_once(&format!("<saml:Attribute Name=\"{name}\">"))?;
        let (inside, _) = after.split_once("</saml:Attribute>")?;
        let values = inside.split("<saml:AttributeValue>").skip(1);
        Some(values.map(|value| value.split('<').next().unwrap().to_owned()).collect())
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn deflated(xml: &str) -> String {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
    deflate.write_all(xml.as_bytes()).unwrap();
    BASE64_STANDARD.encode(deflate.finish().unwrap())
}

/// Unix seconds as XML writes them.
pub(crate) fn instant(unix_seconds: u64) -> String {
    let time = UNIX_EPOCH + std::time::Duration::from_secs(unix_seconds);
    humantime::format_rfc3339_seconds(time).to_string()
}

#[expect(clippy::disallowed_methods, reason = "a service provider has the machine's clock")]
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}
