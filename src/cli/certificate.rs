//! The certificate part of `jsm-gate check`: for how long it is good, and for which name.

use std::path::Path;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::domain::{Clock, Finding, PublicUrl, count};

const SUBJECT: &str = "certificate";

/// Renewals that run monthly have had their chance by then.
const SOON_DAYS: u64 = 21;

const DAY: u64 = 24 * 60 * 60;

/// Looks at the first certificate of a PEM file.
pub(super) fn check(file: &Path, public_url: &PublicUrl, clock: &Clock) -> Vec<Finding> {
    match CertificateDer::from_pem_file(file) {
        Ok(certificate) => {
            let looked_at = look_at(&certificate, file, public_url, clock.unix_seconds());
            std::iter::once(looked_at).chain(self_signed(&certificate, file)).collect()
        }
        Err(error) => vec![Finding::failure(
            SUBJECT,
            format!("{} cannot be read: {error}", file.display()),
            "put the PEM file of the certificate chain there, the gate's own certificate first",
        )],
    }
}

/// Nobody vouches for it, so browsers warn every customer.
fn self_signed(certificate: &CertificateDer<'_>, file: &Path) -> Option<Finding> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    let is_it = parsed.issuer().as_raw() == parsed.subject().as_raw();
    let text = format!("{} is signed by itself: browsers warn of it", file.display());
    let remedy = "have one issued by an authority that customers' browsers trust";
    is_it.then(|| Finding::warning(SUBJECT, text, remedy))
}

fn look_at(
    certificate: &CertificateDer<'_>,
    file: &Path,
    public_url: &PublicUrl,
    now: u64,
) -> Finding {
    let file = file.display();
    let host = public_url.host();
    if !is_for(certificate, host) {
        let text = format!("{file} is not for {host}");
        return Finding::failure(SUBJECT, text, "have one issued for the host in public_url");
    }
    let Ok((_, parsed)) = X509Certificate::from_der(certificate) else {
        return Finding::failure(SUBJECT, format!("{file} is malformed"), "have it issued again");
    };
    let until = u64::try_from(parsed.validity().not_after.timestamp()).unwrap_or(0);
    let from = u64::try_from(parsed.validity().not_before.timestamp()).unwrap_or(0);
    let days = until.saturating_sub(now) / DAY;
    let left = count(usize::try_from(days).unwrap_or(usize::MAX), "day");
    let renew = "renew it, then: systemctl reload jsm-gate";
    if until <= now {
        Finding::failure(SUBJECT, format!("{file} has expired"), renew)
    } else if from > now {
        let text = format!("{file} is not valid yet");
        Finding::failure(SUBJECT, text, "check the clock of this machine")
    } else if days < SOON_DAYS {
        Finding::warning(SUBJECT, format!("{file} expires in {left}"), renew)
    } else {
        Finding::ok(SUBJECT, format!("{file} is for {host} and good for {left}"))
    }
}

fn is_for(certificate: &CertificateDer<'_>, host: &str) -> bool {
    let Ok(parsed) = ParsedCertificate::try_from(certificate) else { return false };
    ServerName::try_from(host)
        .is_ok_and(|name| rustls::client::verify_server_name(&parsed, &name).is_ok())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::Level;

    /// Made by rcgen: valid from 1975 to 4096.
    fn certificate(name: &str) -> CertificateDer<'static> {
        rcgen::generate_simple_self_signed([name.to_owned()]).unwrap().cert.der().clone()
    }

    const LAST_DAY: u64 = 67_090_118_400;

    #[test]
    fn a_certificate_that_nobody_vouches_for_is_told() {
        let finding = self_signed(&certificate("help.example.com"), Path::new("chain.pem"));
        assert_eq!(finding.unwrap().level, Level::Warning);
    }

    #[rstest]
    #[case::good("help.example.com", 1_800_000_000, Level::Ok)]
    #[case::wildcard("*.example.com", 1_800_000_000, Level::Ok)]
    #[case::other_name("www.example.com", 1_800_000_000, Level::Failure)]
    #[case::soon("help.example.com", LAST_DAY - 20 * DAY, Level::Warning)]
    #[case::expired("help.example.com", LAST_DAY + DAY, Level::Failure)]
    #[case::not_yet("help.example.com", 1000, Level::Failure)]
    fn certificates_are_looked_at(#[case] name: &str, #[case] now: u64, #[case] level: Level) {
        let url = PublicUrl::parse("https://help.example.com").unwrap();
        let finding = look_at(&certificate(name), Path::new("chain.pem"), &url, now);
        assert_eq!(finding.level, level, "{finding:?}");
    }
}
