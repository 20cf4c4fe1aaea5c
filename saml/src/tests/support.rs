//! Two sides that know each other: keys, a service provider, its messages. And programs that judge.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rcgen::{CertificateParams, PKCS_RSA_SHA256, SigningKey as _};
use rsa::pkcs8::EncodePrivateKey as _;
use tempfile::NamedTempFile;

use crate::logout::{self, LogoutRequest};
use crate::{
    Id, NameId, PeerKey, ReadError, RequestId, ServiceProvider, SigningKey, name_id_format,
    response,
};

/// 2025-11-28T10:00:00Z.
pub(super) const NOW: u64 = 1_764_324_000;
pub(super) const ISSUED: &str = "2025-11-28T10:00:00Z";
/// The gate's addresses.
pub(super) const OURS: &str = "https://gate.example/_gate/saml/jira/metadata";
pub(super) const SSO_URL: &str = "https://gate.example/_gate/saml/jira/sso";
pub(super) const SLO_URL: &str = "https://gate.example/_gate/saml/jira/logout";
/// The service provider's.
pub(super) const PEER: &str = "https://jira.example";
pub(super) const ACS: &str = "https://jira.example/plugins/servlet/samlconsumer";
pub(super) const SECOND_ACS: &str = "https://jira.example/second?connection=1";

/// A private key and its certificate.
pub(super) struct Keys {
    pub(super) pkcs8: Vec<u8>,
    pub(super) certificate: Vec<u8>,
    /// Files for programs.
    pub(super) key_file: NamedTempFile,
    pub(super) certificate_file: NamedTempFile,
}

/// The gate's keys.
pub(super) static GATE: LazyLock<Keys> = LazyLock::new(Keys::new);
/// The service provider's keys.
pub(super) static JIRA: LazyLock<Keys> = LazyLock::new(Keys::new);
/// Those of somebody else.
pub(super) static STRANGER: LazyLock<Keys> = LazyLock::new(Keys::new);

impl Keys {
    fn new() -> Self {
        let key = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
        let pkcs8 = key.to_pkcs8_der().unwrap().as_bytes().to_vec();
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
            &pkcs8.as_slice().into(),
            &PKCS_RSA_SHA256,
        )
        .unwrap();
        let certificate =
            CertificateParams::new(vec!["saml.example".to_owned()]).unwrap().self_signed(&pair);
        let certificate = certificate.unwrap();
        let (key_file, certificate_file) = (file(&pair.serialize_pem()), file(&certificate.pem()));
        let certificate = certificate.der().to_vec();
        Self { pkcs8, certificate, key_file, certificate_file }
    }

    pub(super) fn signing_key(&self) -> SigningKey {
        SigningKey::new(&self.pkcs8, &self.certificate).unwrap()
    }

    pub(super) fn peer_key(&self) -> PeerKey {
        PeerKey::from_certificate_der(&self.certificate).unwrap()
    }

    /// RSA-SHA256 as a service provider makes it.
    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let pair = rcgen::KeyPair::from_pkcs8_der_and_sign_algo(
            &self.pkcs8.as_slice().into(),
            &PKCS_RSA_SHA256,
        );
        pair.unwrap().sign(message).unwrap()
    }
}

/// The service provider as it is registered.
pub(super) struct Registered {
    acs_urls: Vec<String>,
    keys: Vec<PeerKey>,
}

impl Registered {
    /// Its certificate is not configured.
    pub(super) fn without_keys() -> Self {
        Self { acs_urls: vec![ACS.to_owned(), SECOND_ACS.to_owned()], keys: Vec::new() }
    }

    /// Its certificate is configured.
    pub(super) fn with_keys() -> Self {
        Self { keys: vec![JIRA.peer_key()], ..Self::without_keys() }
    }

    pub(super) fn get(&self) -> ServiceProvider<'_> {
        ServiceProvider { entity_id: PEER, acs_urls: &self.acs_urls, keys: &self.keys }
    }
}

/// The answer to a login, for Jira.
pub(super) fn assertion<'a>(
    in_response_to: Option<&'a RequestId>,
    attributes: &'a [(String, Vec<String>)],
) -> response::Assertion<'a> {
    response::Assertion {
        issuer: OURS,
        destination: ACS,
        audience: PEER,
        in_response_to,
        name_id: NameId { format: name_id_format::EMAIL, value: "alice@customer.example" },
        session_index: "_session",
        authn_instant: NOW - 10,
        authn_context: "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
        attributes,
        issued_at: NOW,
        ids: [Id::from_random([1; 20]), Id::from_random([2; 20])],
    }
}

/// An unsigned `AuthnRequest` with these attributes beside those that each has, and this content after its issuer.
pub(super) fn authn_request(attributes: &str, content: &str) -> String {
    message("AuthnRequest", SSO_URL, attributes, content)
}

/// An unsigned `LogoutRequest` about this person.
pub(super) fn logout_request(name: &str, content: &str) -> String {
    let subject = format!(
        "<saml:NameID xmlns:saml=\"{SAML}\" Format=\"{}\">{name}</saml:NameID>\
         <samlp:SessionIndex>_session</samlp:SessionIndex>",
        name_id_format::EMAIL
    );
    message("LogoutRequest", SLO_URL, "", &format!("{content}{subject}"))
}

pub(super) fn message(name: &str, destination: &str, attributes: &str, content: &str) -> String {
    format!(
        "<samlp:{name} xmlns:samlp=\"{SAMLP}\" ID=\"_request\" Version=\"2.0\" IssueInstant=\"{ISSUED}\" \
         Destination=\"{destination}\" {attributes}><saml:Issuer xmlns:saml=\"{SAML}\">{PEER}</saml:Issuer>\
         {content}</samlp:{name}>"
    )
}

pub(super) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(super) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

/// A message as a form field.
pub(super) fn posted(xml: &str) -> String {
    BASE64_STANDARD.encode(xml)
}

/// Reads a posted `LogoutRequest`, which has to be signed.
pub(super) fn read_logout(xml: &str) -> Result<LogoutRequest, ReadError> {
    logout::request_by_post(&posted(xml), None, &Registered::with_keys().get(), SLO_URL, NOW)
}

/// A message as a query parameter's value, deflated and escaped.
pub(super) fn redirected(xml: &str) -> String {
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(xml.as_bytes()).unwrap();
    escaped(&BASE64_STANDARD.encode(encoder.finish().unwrap()))
}

pub(super) fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Signs a query as the service provider does.
pub(super) fn signed_query(unsigned: &str, keys: &Keys) -> String {
    let signed = format!("{unsigned}&SigAlg={}", escaped(RSA_SHA256));
    let signature = escaped(&BASE64_STANDARD.encode(keys.sign(signed.as_bytes())));
    format!("{signed}&Signature={signature}")
}

pub(super) const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// A `Signature` that xmlsec1 fills in. What it should look like is of the usual form unless changed.
#[derive(Clone)]
pub(super) struct Template {
    pub(super) canonicalization: String,
    pub(super) method: &'static str,
    pub(super) reference: String,
    pub(super) transforms: String,
    pub(super) digest: &'static str,
    /// More references, more of `KeyInfo`.
    pub(super) more_references: String,
    pub(super) more: &'static str,
}

pub(super) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

impl Default for Template {
    fn default() -> Self {
        Self {
            canonicalization: format!("<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"/>"),
            method: RSA_SHA256,
            reference: "#_request".to_owned(),
            transforms: format!(
                "<ds:Transform Algorithm=\"{ENVELOPED}\"/><ds:Transform Algorithm=\"{EXCLUSIVE}\"/>"
            ),
            digest: "http://www.w3.org/2001/04/xmlenc#sha256",
            more_references: String::new(),
            more: "",
        }
    }
}

impl Template {
    pub(super) fn xml(&self) -> String {
        let Self { canonicalization, method, reference, transforms, digest, more_references, more } =
            self;
        format!(
            "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\n<ds:SignedInfo>{canonicalization}\n\
             <ds:SignatureMethod Algorithm=\"{method}\"/><ds:Reference URI=\"{reference}\"><ds:Transforms>\
             {transforms}</ds:Transforms><ds:DigestMethod Algorithm=\"{digest}\"/><ds:DigestValue/></ds:Reference>\
             {more_references}</ds:SignedInfo><ds:SignatureValue/>{more}</ds:Signature>"
        )
    }
}

/// The messages whose `ID` counts as one for xmlsec1.
const WITH_ID: [(&str, &str); 5] = [
    (SAMLP, "AuthnRequest"),
    (SAMLP, "LogoutRequest"),
    (SAMLP, "LogoutResponse"),
    (SAMLP, "Response"),
    (SAML, "Assertion"),
];

/// Runs xmlsec1 on a document.
pub(super) fn xmlsec(arguments: &[&str], xml: &str) -> Output {
    let id_attributes =
        WITH_ID.iter().flat_map(|(uri, name)| ["--id-attr:ID".to_owned(), format!("{uri}:{name}")]);
    let (mode, rest) = arguments.split_first().unwrap();
    let document = file(xml);
    let mut command = Command::new("xmlsec1");
    command.arg(mode).args(rest).args(id_attributes).arg(document.path());
    run(&mut command)
}

/// Has xmlsec1 sign a document with a [`Template`] in it.
pub(super) fn sign_with_xmlsec(xml: &str, keys: &Keys) -> String {
    let key = keys.key_file.path().to_str().unwrap();
    let output = xmlsec(&["--sign", "--privkey-pem", key], xml);
    assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Whether xmlsec1 verifies the first signature that `arguments` choose; by default that of the root.
pub(super) fn xmlsec_verifies(xml: &str, keys: &Keys, arguments: &[&str]) -> bool {
    let certificate = keys.certificate_file.path().to_str().unwrap();
    let fixed = ["--verify", "--pubkey-cert-pem", certificate];
    xmlsec(&[&fixed, arguments].concat(), xml).status.success()
}

/// The canonical form of a document by libxml2.
pub(super) fn canonical_by_libxml(xml: &str) -> String {
    let document = file(xml);
    let output = run(Command::new("xmllint").args(["--nonet", "--exc-c14n"]).arg(document.path()));
    assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a program that has to be here.
fn run(command: &mut Command) -> Output {
    let program = command.get_program().to_owned();
    command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("no {program:?} here ({error}): run scripts/packages test"))
}

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}
