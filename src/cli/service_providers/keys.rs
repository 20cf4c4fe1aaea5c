//! What the gate signs with for a service provider: whether it can be used, for how long, and by which
//! fingerprints its certificate is compared with what was pasted.

use std::path::Path;

use x509_parser::oid_registry::{
    OID_PKCS1_SHA256WITHRSA, OID_PKCS1_SHA384WITHRSA, OID_PKCS1_SHA512WITHRSA,
};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::subject;
use crate::config::{ServiceProviderConfig, Signing};
use crate::domain::expiry::{self, PASTED_CERTIFICATE_DAYS};
use crate::domain::{Finding, count};
use crate::keys::{CertifiedKey, Fingerprint, SamlKeys};

pub(super) fn check(one: &ServiceProviderConfig, state_dir: &Path, now: u64) -> Vec<Finding> {
    let subject = subject(one);
    let keys = match SamlKeys::kept(state_dir, one) {
        Ok(Some(keys)) => keys,
        Ok(None) => {
            return vec![Finding::warning(
                subject,
                "the gate has made no key for it yet",
                format!("jsm-gate saml values {} makes it and prints what to paste", one.id),
            )];
        }
        Err(error) => {
            let text = format!("{}: {}", error.path.display(), error.reason);
            return vec![Finding::failure(subject, text, error.remedy)];
        }
    };
    let mut findings = certificate(one, &keys.current, now);
    findings.push(fingerprints(&subject, "", &keys.current));
    if let Some(next) = &keys.next {
        findings.push(fingerprints(&subject, "next ", next));
    }
    findings
}

fn certificate(one: &ServiceProviderConfig, key: &CertifiedKey, now: u64) -> Vec<Finding> {
    let subject = subject(one);
    let Ok((_, parsed)) = X509Certificate::from_der(key.signing().certificate_der()) else {
        return vec![Finding::failure(subject, "its certificate is malformed", change(one, ""))];
    };
    let from = u64::try_from(parsed.validity().not_before.timestamp()).unwrap_or(0);
    let mut findings = vec![how_long(one, from, key.expires_at(), now)];
    let algorithm = &parsed.signature_algorithm.algorithm;
    let safe = [OID_PKCS1_SHA256WITHRSA, OID_PKCS1_SHA384WITHRSA, OID_PKCS1_SHA512WITHRSA];
    if !safe.contains(algorithm) {
        findings.push(Finding::warning(
            subject,
            "its certificate is not signed with SHA-256, so some service providers do not take it",
            change(one, ""),
        ));
    }
    findings
}

fn how_long(one: &ServiceProviderConfig, from: u64, until: u64, now: u64) -> Finding {
    let subject = subject(one);
    if from > now {
        let text = "the certificate it signs with is not valid yet";
        return Finding::failure(subject, text, "check the clock of this machine");
    }
    let days = expiry::days_left(until, now);
    let Some(told) = expiry::of_pasted(until, now) else {
        let left = count(usize::try_from(days).unwrap_or(usize::MAX), "day");
        let text =
            "key and certificate belong together, RSA and SHA-256; the certificate is good for";
        return Finding::ok(subject, format!("{text} {left}"));
    };
    let text = format!("the certificate it signs with {told}");
    if until <= now {
        return Finding::failure(subject, text, change(one, "at once: "));
    }
    let [_, soon, last] = PASTED_CERTIFICATE_DAYS;
    let when = match days {
        _ if days < last => "now: ",
        _ if days < soon => "in the next days: ",
        _ => "agree a day with whoever can paste a certificate there, then: ",
    };
    Finding::warning(subject, text, change(one, when))
}

/// How a key is changed.
fn change(one: &ServiceProviderConfig, when: &str) -> String {
    match one.signing {
        Signing::Made => format!(
            "{when}jsm-gate saml rotate {0}, paste what it prints there, then jsm-gate saml rotate {0} \
             --switch; docs/service-providers.md",
            one.id
        ),
        Signing::Files(_) => format!(
            "{when}make another pair, paste its certificate there, and at that moment replace \
             signing_key_file and signing_certificate_file and reload; docs/service-providers.md"
        ),
    }
}

fn fingerprints(subject: &str, which: &str, key: &CertifiedKey) -> Finding {
    let [sha1, sha256] = [Fingerprint::Sha1, Fingerprint::Sha256].map(|of| key.fingerprint(of));
    let text = format!("its {which}certificate's fingerprints: SHA-1 {sha1}, SHA-256 {sha256}");
    Finding::ok(subject, text)
}
