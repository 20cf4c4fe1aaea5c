//! A server that shows an authority's own certificate, as `openssl req -x509` makes one unless told
//! otherwise. No TLS client of the gate's takes it, not even when `ca_file` names it: what may sign for
//! every name is no server's (RFC 5280 section 4.2.1.9; webpki). What they say of it helps nobody.

/// What webpki calls it.
const AS_WEBPKI_SAYS: &str = "CaUsedAsEndEntity";

const AS_WE_SAY: &str = "the server's certificate is an authority's own (CA:TRUE), which cannot be a \
                         server's";

/// What to do about it, if that is what a TLS error says.
#[must_use]
pub fn own_certificate_remedy(error: &str) -> Option<&'static str> {
    (error.contains(AS_WEBPKI_SAYS) || error.contains(AS_WE_SAY)).then_some(
        "give the server a certificate without CA:TRUE: either one that this authority signed, or a \
         self-signed one made with openssl req -x509 -addext basicConstraints=critical,CA:FALSE and \
         named in ca_file itself",
    )
}

/// The error in plain words.
#[must_use]
pub fn tls_error_in_words(error: String) -> String {
    let Some(at) = error.find(AS_WEBPKI_SAYS) else { return error };
    // The spelling of Rust's types around it: `Other(OtherError(CaUsedAsEndEntity))`.
    let before = error.get(..at).unwrap_or_default();
    let from =
        before.rfind(|c: char| c != '(' && !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let after = error.get(at + AS_WEBPKI_SAYS.len()..).unwrap_or_default().trim_start_matches(')');
    format!("{}{AS_WE_SAY}{after}", before.get(..from).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_words_and_other_errors_as_they_are() {
        let text = "error sending request: invalid peer certificate: \
                    Other(OtherError(CaUsedAsEndEntity)), at the end";
        let told = tls_error_in_words(text.to_owned());
        let (before, after) = ("error sending request: invalid peer certificate: ", ", at the end");
        assert_eq!(told, format!("{before}{AS_WE_SAY}{after}"));
        assert!(own_certificate_remedy(&told).is_some() && own_certificate_remedy(text).is_some());
        for other in ["", "invalid peer certificate: UnknownIssuer"] {
            assert_eq!(tls_error_in_words(other.to_owned()), other);
            assert!(own_certificate_remedy(other).is_none());
        }
    }
}
