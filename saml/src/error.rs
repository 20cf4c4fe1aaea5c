//! Why a message is not taken, and why one is not written. Must not know who is told.

use crate::{Quoted, RELAY_STATE_BYTES, RequestIdError, SignatureError, XmlError};

/// Why a message from a service provider is not taken. Each says what an admin can look at. What the message
/// says stands in double quotes.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// A parameter is not there.
    #[error("the parameter {0} is missing")]
    MissingParameter(&'static str),
    /// A parameter stands there twice, so that two readers could take different ones.
    #[error("the parameter {0} stands there more than once")]
    RepeatedParameter(Quoted),
    /// A parameter is not encoded as its binding says.
    #[error("the parameter {parameter} is not {expected}")]
    Encoding {
        /// The parameter's name.
        parameter: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// It is longer than messages are, maybe only when inflated.
    #[error("the message has more than {limit} bytes")]
    TooLarge {
        /// The most that are read.
        limit: usize,
    },
    /// It is longer than the gate carries along.
    #[error("RelayState has more than {RELAY_STATE_BYTES} bytes")]
    LongRelayState,
    /// A form would not give it back as it was.
    #[error("RelayState has control characters, which a form does not give back unchanged")]
    RelayStateControls,
    /// The document cannot be read.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// It is another kind of message.
    #[error("the message is {found} and not {expected}")]
    OtherMessage {
        /// What was expected here.
        expected: &'static str,
        /// The root element.
        found: Quoted,
    },
    /// An attribute is not there.
    #[error("the attribute {0} is missing")]
    MissingAttribute(&'static str),
    /// An attribute or element has a value that it cannot have.
    #[error("{name} is {found}, which is not {expected}")]
    Value {
        /// The attribute or element.
        name: &'static str,
        /// What it says.
        found: Quoted,
        /// What it could say.
        expected: &'static str,
    },
    /// Its identifier is none.
    #[error(transparent)]
    Id(#[from] RequestIdError),
    /// Somebody else sent it.
    #[error("Issuer is {found}; entity_id is {expected:?}")]
    Issuer {
        /// The service provider's entity id.
        expected: String,
        /// What the message says.
        found: Quoted,
    },
    /// It is for somebody else.
    #[error("Destination is {found} and not {expected:?}")]
    Destination {
        /// The address of ours that it came to.
        expected: String,
        /// What the message says.
        found: Quoted,
    },
    /// It is old, or from the future.
    #[error(
        "IssueInstant is {found} and more than {tolerance} s away from now; is one of the clocks wrong?"
    )]
    IssueInstant {
        /// What the message says.
        found: Quoted,
        /// How far away it may be.
        tolerance: u64,
    },
    /// It was good until some time ago.
    #[error("NotOnOrAfter is {0}, which is past; is one of the clocks wrong?")]
    Expired(Quoted),
    /// The answer is wanted where no registered address is.
    #[error("AssertionConsumerServiceURL is {0}, which is not one of acs_url")]
    AcsUrl(Quoted),
    /// The answer is wanted at a registered address that does not exist.
    #[error("AssertionConsumerServiceIndex is {0}, and acs_url has no address of this number")]
    AcsIndex(Quoted),
    /// It asks for something that SAML has and we have not.
    #[error("the message has {0}, which is not supported")]
    NotSupported(&'static str),
    /// It is not signed, or not by the one whom it should come from.
    #[error(transparent)]
    Signature(#[from] SignatureError),
}

/// Why a message is not written.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum WriteError {
    /// A value has a character that XML cannot have.
    #[error("a value of {element} has the character {character:?}, which XML cannot have")]
    Character {
        /// The element that the value stands in.
        element: &'static str,
        /// The character.
        character: char,
    },
    /// A value that must say something is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// Two attributes have the same name; readers take one or the other, or none.
    #[error("the attribute {0:?} stands there more than once")]
    RepeatedAttribute(String),
    /// The signature could not be made.
    #[error("the message could not be signed")]
    Signing,
}
