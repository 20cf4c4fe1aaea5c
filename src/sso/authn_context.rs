//! How somebody logged in, as service providers ask for it and are told (SAML core 2.0, 3.3.2.2.1 and 2.7.2.2).
//! Must not know requests.

use crate::domain::Proof;

/// Any login counts as one of these, and they are asserted when they are asked for. Service providers ask for a
/// password over TLS without meaning it: python3-saml, node-saml and others do unless they are told otherwise.
/// By what somebody proves who they are is between them and their provider.
const ANY_LOGIN: [&str; 3] = [
    UNSPECIFIED,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Password",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
];

/// SAML Authentication Context 2.0, 3.4.25.
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified";

/// Of which classes a login has to be one, as its provider says it (`acr`), where these are asked for; none if
/// any login will do.
pub(super) fn demanded(asked: &[String]) -> &[String] {
    if asked.iter().any(|class| is_any_login(class)) { &[] } else { asked }
}

/// The class that is asserted of a login: what its provider says, where that is asked for, or can stand in an
/// assertion and nothing is asked for.
pub(super) fn asserted(proof: &Proof, asked: &[String]) -> String {
    let acr = match proof {
        Proof::Login { acr, .. } => acr.as_deref(),
        Proof::Emergency { .. } => None,
    };
    let fits = |acr: &&str| {
        if asked.is_empty() { is_uri(acr) } else { asked.iter().any(|class| class == acr) }
    };
    let any_login = || asked.iter().map(String::as_str).find(|class| is_any_login(class));
    acr.filter(fits).or_else(any_login).unwrap_or(UNSPECIFIED).to_owned()
}

fn is_any_login(class: &str) -> bool {
    ANY_LOGIN.contains(&class)
}

fn is_uri(acr: &str) -> bool {
    url::Url::parse(acr).is_ok() && acr.bytes().all(|b| b.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
    const MFA: &str = "https://refeds.org/profile/mfa";

    #[rstest]
    #[case::nothing_asked(None, &[], UNSPECIFIED)]
    #[case::nothing_asked_of_a_uri(Some(MFA), &[], MFA)]
    #[case::nothing_asked_of_a_word(Some("mfa"), &[], UNSPECIFIED)]
    #[case::any_login(None, &[PASSWORD], PASSWORD)]
    #[case::any_login_of_a_stronger_one(Some(MFA), &[PASSWORD], PASSWORD)]
    #[case::the_stronger_one_of_both(Some(MFA), &[PASSWORD, MFA], MFA)]
    #[case::the_weaker_one_of_both(None, &[MFA, PASSWORD], PASSWORD)]
    #[case::a_word_that_is_asked_for(Some("mfa"), &["mfa"], "mfa")]
    fn what_is_asserted_is_one_of_what_is_asked_for(
        #[case] acr: Option<&str>,
        #[case] asked: &[&str],
        #[case] class: &str,
    ) {
        let asked: Vec<_> = asked.iter().map(|class| (*class).to_owned()).collect();
        let proof = Proof::Login { acr: acr.map(Into::into), auth_time: None };
        assert_eq!(asserted(&proof, &asked), class);
    }

    #[test]
    fn only_where_any_login_will_do_nothing_is_demanded() {
        let [password, mfa] = [PASSWORD, MFA].map(str::to_owned);
        assert!(demanded(&[]).is_empty());
        assert!(demanded(&[mfa.clone(), password]).is_empty());
        let mfa = [mfa];
        assert_eq!(demanded(&mfa), mfa);
    }
}
