//! `xmlsec1`, which judges signatures and knows nothing of SAML.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// Verifies the signature of an element, against a certificate in a PEM file.
///
/// # Errors
/// What it says against it.
///
/// # Panics
/// When it is not installed.
pub(super) fn verify(xml: &str, element: &str, certificate: &Path) -> Result<(), String> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("answer.xml");
    fs::write(&file, xml).unwrap();
    let signature = format!("//*[local-name()='{element}']/*[local-name()='Signature']");
    let output = Command::new("xmlsec1")
        .args(["--verify", "--node-xpath", &signature])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:protocol:Response"])
        .args(["--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion"])
        .arg("--trusted-pem")
        .args([certificate, &file])
        .output()
        .expect("xmlsec1 is not installed: run `make test`, or scripts/packages test");
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}
