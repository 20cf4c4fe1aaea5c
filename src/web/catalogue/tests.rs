use super::*;
use crate::problem::{Code, LoginOffer};

#[test]
fn every_problem_has_a_heading_a_text_and_a_remedy() {
    let catalogue = Catalogue::english().unwrap();
    for code in Code::ALL {
        let message = catalogue.built_in.get_message(code.as_str());
        let message = message.unwrap_or_else(|| panic!("{code} has no heading"));
        assert!(message.value().is_some(), "{code} has no heading");
        for attribute in ["text", "remedy"] {
            assert!(message.get_attribute(attribute).is_some(), "{code} has no {attribute}");
        }
    }
}

#[test]
fn a_page_that_must_not_be_asked_for_again_has_a_remedy_of_its_own() {
    let catalogue = Catalogue::english().unwrap();
    for name in ["of-sent-form", "of-answer"] {
        assert_ne!(catalogue.plain(name), name);
    }
}

#[test]
fn a_text_says_the_names_that_it_is_given() {
    let catalogue = Catalogue::english().unwrap();
    let (portal, return_to) = ("IT Help".to_owned(), "/".to_owned());
    let refused = Problem::Refused { portal, cause: "denied-email", return_to };
    assert_eq!(catalogue.problem(&refused).text, "“IT Help” is closed to your account.");
    let large = Problem::BodyTooLarge { limit: 25_000_000 };
    assert_eq!(catalogue.problem(&large).text, "At most 25 MB can be sent at once.");
}

#[test]
fn every_argument_that_a_text_names_is_given_by_its_problem() {
    let catalogue = Catalogue::english().unwrap();
    for problem in problems_with_arguments() {
        let ProblemText { title, text, remedy } = catalogue.problem(&problem);
        let code = problem.code().as_str();
        assert!(![title, text, remedy].iter().any(|text| text == code), "{code}");
    }
}

fn problems_with_arguments() -> Vec<Problem> {
    let name = || "a name".to_owned();
    let login = || Box::new(LoginOffer { provider: name(), at: None, return_to: "/".to_owned() });
    vec![
        Problem::bad_request("it is odd"),
        Problem::BodyTooLarge { limit: 1 },
        Problem::TextTooLong { limit: 1 },
        Problem::WrongHost { public_url: name() },
        Problem::IdentityTooLarge { bytes: 2, limit: 1 },
        Problem::PortalGone { portal: name() },
        Problem::TypeUnavailable { name: name() },
        Problem::PortalWithoutId { portal: name() },
        Problem::Refused { portal: name(), cause: "not-listed", return_to: name() },
        Problem::AccessUnknown { portal: name(), cause: "unknown-email", return_to: name() },
        Problem::OtherProvider { portal: name(), login: login() },
        Problem::SamlRequestOld { name: name() },
        Problem::NotVouched { name: name(), cause: "unverified", return_to: name() },
        Problem::CustomerMissing { who: name(), return_to: name() },
        Problem::CustomerUnclear { who: name(), cause: "taken", return_to: name() },
        Problem::CustomerNotListed { portal: name(), who: name(), return_to: name() },
        Problem::StepUpNeeded { portal: name() },
        Problem::StepUpFailed { portal: name() },
        Problem::ProviderUnreachable { provider: name() },
        Problem::LoginLoop { cause: "session-unknown" },
        Problem::LoginExpired { cause: "too-old" },
        Problem::CallbackInvalid { cause: "refused" },
        Problem::IssuerMismatch { cause: "no-answer" },
        Problem::LoginCancelled { answer: name() },
        Problem::ProviderBusy { answer: name() },
        Problem::ProviderRefused { answer: name() },
        Problem::EmailUnverified { email: name() },
        Problem::EmailDomainElsewhere { email: name(), login: login() },
        Problem::EmailInvalid { email: name() },
    ]
}
