//! Every problem that a person is told about. A problem is data: its texts are in the message
//! catalogue (`web/texts`), under its code. It must not know how it is shown.
//!
//! The list is long because there is one list: whoever tells a person something looks for it here.

mod answer;
mod arguments;
mod code;

use std::borrow::Cow;

pub use arguments::Argument;
pub use code::Code;

use crate::domain::ProviderId;

/// A request that is not served, with what its page says about it.
///
/// Names such as `portal` and `provider` are those that customers know; a `portal` may be a service
/// provider as well. A `cause` selects one of the sentences that the catalogue has for the problem.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Problem {
    /// See [`Code::BadRequest`].
    BadRequest {
        /// What is wrong with it, for whoever looks into it; not translated.
        reason: Cow<'static, str>,
    },
    /// See [`Code::MethodNotAllowed`].
    MethodNotAllowed,
    /// See [`Code::HeadersTooLarge`].
    HeadersTooLarge,
    /// See [`Code::BodyTooLarge`].
    BodyTooLarge {
        /// In bytes.
        limit: u64,
    },
    /// See [`Code::TextTooLong`].
    TextTooLong {
        /// In bytes.
        limit: u64,
    },
    /// See [`Code::LengthRequired`].
    LengthRequired,
    /// See [`Code::TooManyTexts`].
    TooManyTexts,
    /// See [`Code::WrongHost`].
    WrongHost {
        /// Where the portals are.
        public_url: String,
    },
    /// See [`Code::CrossSite`].
    CrossSite,
    /// See [`Code::StaleForm`].
    StaleForm,
    /// See [`Code::PathNotOpen`].
    PathNotOpen,
    /// See [`Code::CustomerUnknown`].
    CustomerUnknown {
        /// Where they wanted to go.
        return_to: String,
    },
    /// See [`Code::TooManyRequests`].
    TooManyRequests,
    /// See [`Code::TooManyWebsockets`].
    TooManyWebsockets,
    /// See [`Code::RequestTooSlow`].
    RequestTooSlow,
    /// See [`Code::TooManyLogins`].
    TooManyLogins,
    /// See [`Code::LinkUsed`].
    LinkUsed,
    /// See [`Code::EmergencyNetwork`].
    EmergencyNetwork,
    /// See [`Code::NotFound`].
    NotFound,
    /// See [`Code::IdentityTooLarge`].
    IdentityTooLarge {
        /// How many bytes the identity takes.
        bytes: usize,
        /// How many it may take.
        limit: usize,
    },
    /// See [`Code::PortalUnknown`].
    PortalUnknown,
    /// See [`Code::PortalGone`].
    PortalGone {
        /// The portal's name.
        portal: String,
    },
    /// See [`Code::TypeUnavailable`].
    TypeUnavailable {
        /// The name of the request type.
        name: String,
    },
    /// See [`Code::PortalWithoutId`].
    PortalWithoutId {
        /// The portal's name.
        portal: String,
    },
    /// See [`Code::DirectoryEmpty`].
    DirectoryEmpty,
    /// See [`Code::Refused`].
    Refused {
        /// The portal's name.
        portal: String,
        /// Which kind of rule it was.
        cause: &'static str,
        /// Where somebody else may want to go.
        return_to: String,
    },
    /// See [`Code::AccessUnknown`].
    AccessUnknown {
        /// The portal's name.
        portal: String,
        /// What the rule asks for.
        cause: &'static str,
        /// Where somebody else may want to go.
        return_to: String,
    },
    /// See [`Code::CustomerMissing`].
    CustomerMissing {
        /// What to call the person.
        who: String,
        /// Where somebody may want to go who has another account.
        return_to: String,
    },
    /// See [`Code::CustomerUnclear`].
    CustomerUnclear {
        /// What to call the person.
        who: String,
        /// Why it cannot be told.
        cause: &'static str,
        /// Where somebody may want to go who has another account.
        return_to: String,
    },
    /// See [`Code::CustomerNotListed`].
    CustomerNotListed {
        /// The portal's name.
        portal: String,
        /// What to call the person.
        who: String,
        /// Where somebody may want to go who has another account.
        return_to: String,
    },
    /// See [`Code::CustomerStaff`].
    CustomerStaff {
        /// What to call the person.
        who: String,
        /// Where somebody may want to go who has another account.
        return_to: String,
    },
    /// See [`Code::JiraDenied`].
    JiraDenied {
        /// What to call the person.
        who: String,
        /// Where they wanted to go.
        return_to: String,
    },
    /// See [`Code::JiraLoginRefused`].
    JiraLoginRefused,
    /// See [`Code::JiraLoginLost`].
    JiraLoginLost,
    /// See [`Code::CustomersUnavailable`].
    CustomersUnavailable,
    /// See [`Code::OtherProvider`].
    OtherProvider {
        /// The portal's name.
        portal: String,
        /// The login that would help.
        login: Box<LoginOffer>,
    },
    /// See [`Code::StepUpNeeded`].
    StepUpNeeded {
        /// The portal's name.
        portal: String,
    },
    /// See [`Code::StepUpFailed`].
    StepUpFailed {
        /// The portal's name.
        portal: String,
    },
    /// See [`Code::LoginNeeded`].
    LoginNeeded,
    /// See [`Code::ServiceProviderUnknown`].
    ServiceProviderUnknown,
    /// See [`Code::SamlRequest`].
    SamlRequest {
        /// What is wrong with it, for whoever looks into it; not translated.
        reason: Cow<'static, str>,
    },
    /// See [`Code::SamlRequestOld`].
    SamlRequestOld {
        /// What customers know the service provider as.
        name: String,
    },
    /// See [`Code::NotVouched`].
    NotVouched {
        /// What customers know the service provider as.
        name: String,
        /// What cannot be told.
        cause: &'static str,
        /// Where somebody may want to go who has another account.
        return_to: String,
    },
    /// See [`Code::TooManyAnswers`].
    TooManyAnswers,
    /// See [`Code::SessionsUnavailable`].
    SessionsUnavailable,
    /// See [`Code::EmergencyUnaudited`].
    EmergencyUnaudited,
    /// See [`Code::UpstreamUnreachable`].
    UpstreamUnreachable,
    /// See [`Code::UpstreamBusy`].
    UpstreamBusy {
        /// How long JSM asks to be left alone, in seconds.
        wait: Option<u32>,
    },
    /// See [`Code::UpstreamSlow`].
    UpstreamSlow,
    /// See [`Code::Internal`].
    Internal,
    /// See [`Code::ProviderUnknown`].
    ProviderUnknown,
    /// See [`Code::ProviderUnreachable`].
    ProviderUnreachable {
        /// The provider's name.
        provider: String,
    },
    /// See [`Code::LoginLoop`].
    LoginLoop {
        /// What keeps the browser going round.
        cause: &'static str,
    },
    /// See [`Code::LoginCookie`].
    LoginCookie,
    /// See [`Code::RequestRefused`].
    RequestRefused,
    /// See [`Code::LoginExpired`].
    LoginExpired {
        /// Why the login is not pending.
        cause: &'static str,
    },
    /// See [`Code::CallbackInvalid`].
    CallbackInvalid {
        /// Whether it is a refusal.
        cause: &'static str,
    },
    /// See [`Code::IssuerMismatch`].
    IssuerMismatch {
        /// Whether it is a refusal.
        cause: &'static str,
    },
    /// See [`Code::LoginCancelled`].
    LoginCancelled {
        /// The provider's words.
        answer: String,
    },
    /// See [`Code::LoginTimedOut`].
    LoginTimedOut,
    /// See [`Code::ProviderBusy`].
    ProviderBusy {
        /// The provider's words.
        answer: String,
    },
    /// See [`Code::ProviderRefused`].
    ProviderRefused {
        /// The provider's words: its error code, and its description if it gave one.
        answer: String,
    },
    /// See [`Code::ClientRejected`].
    ClientRejected,
    /// See [`Code::TokenResponse`].
    TokenResponse,
    /// See [`Code::TokenInvalid`].
    TokenInvalid,
    /// See [`Code::UserInfoInvalid`].
    UserInfoInvalid,
    /// See [`Code::EmailUnverified`].
    EmailUnverified {
        /// The address, as the provider says it.
        email: String,
    },
    /// See [`Code::EmailDomainElsewhere`].
    EmailDomainElsewhere {
        /// The address, as the provider says it.
        email: String,
        /// The login at the provider that the domain belongs to.
        login: Box<LoginOffer>,
    },
    /// See [`Code::EmailInvalid`].
    EmailInvalid {
        /// The address, as the provider says it.
        email: String,
    },
}

/// A login that a page offers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LoginOffer {
    /// What customers know the provider as.
    pub provider: String,
    /// Which provider it is, where `return_to` does not say so.
    pub at: Option<ProviderId>,
    /// Where the login leads.
    pub return_to: String,
}
