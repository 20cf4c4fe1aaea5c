//! The identity provider's metadata (metadata section 2.4.3): what service providers import instead of typing it.
//! Must not know who serves it.

use crate::WriteError;
use crate::signature::key_info;
use crate::xml::{Element, Namespace};

/// What the metadata says.
#[derive(Clone, Copy, Debug)]
pub struct IdentityProvider<'a> {
    /// Our entity id.
    pub entity_id: &'a str,
    /// Where requests go, by HTTP-Redirect and HTTP-POST.
    pub sso_url: &'a str,
    /// Where logout requests and their answers go, if there is single logout.
    pub slo_url: Option<&'a str>,
    /// The certificates that we sign with, in DER form: the present one, and the next if there is one.
    pub certificates: &'a [&'a [u8]],
    /// The format of the names that we assert.
    pub name_id_format: &'a str,
    /// Unsigned requests are refused.
    pub want_authn_requests_signed: bool,
}

/// Writes the metadata, unsigned: it is served over TLS.
///
/// # Errors
/// When a value cannot be written.
pub fn identity_provider(provider: &IdentityProvider<'_>) -> Result<String, WriteError> {
    let keys = provider
        .certificates
        .iter()
        .map(|certificate| md("KeyDescriptor").with("use", "signing").child(key_info(certificate)));
    let logout = provider.slo_url.into_iter().flat_map(|url| both("SingleLogoutService", url));
    let descriptor = md("IDPSSODescriptor")
        .with("protocolSupportEnumeration", Namespace::Protocol.uri())
        .with("WantAuthnRequestsSigned", provider.want_authn_requests_signed.to_string())
        .children(keys)
        .children(logout)
        .child(md("NameIDFormat").text(provider.name_id_format))
        .children(both("SingleSignOnService", provider.sso_url));
    md("EntityDescriptor").with("entityID", provider.entity_id).child(descriptor).write()
}

/// An endpoint by both bindings.
fn both(name: &'static str, location: &str) -> [Element; 2] {
    ["HTTP-Redirect", "HTTP-POST"].map(|binding| {
        let binding = format!("urn:oasis:names:tc:SAML:2.0:bindings:{binding}");
        md(name).with("Binding", binding).with("Location", location)
    })
}

fn md(name: &'static str) -> Element {
    Element::new(Namespace::Metadata, name)
}
