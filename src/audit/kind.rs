//! What can happen, and who can do it: a fixed vocabulary, so that the trail can be searched for years. It
//! must not know what else is told of an event.

use serde::Serialize;

/// What happened.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A browser was sent to a provider.
    LoginStarted,
    /// Somebody proved who they are and has a session.
    LoginSucceeded,
    /// A login did not start or did not end well; `rule` is the code on the page.
    LoginRefused,
    /// A session reached a portal for the first time.
    PortalOpened,
    /// Somebody logged in may not use a portal.
    PortalRefused,
    /// A session was ended on purpose; `by` says by whom.
    Logout,
    /// A session ended by itself; `reason` says why.
    SessionEnded,
    /// A provider could not be asked whether a session may go on, so it goes on. Written once for
    /// many failures in a row.
    RefreshFailed,
    /// A link for emergency access was made.
    EmergencyMinted,
    /// Somebody came in by one.
    EmergencyUsed,
    /// Somebody tried to make or use one and may not, or no longer.
    EmergencyRefused,
    /// Emergency access is over; `reason` says why.
    EmergencyClosed,
    /// A customer wrote a comment.
    Commented,
    /// A customer attached files to a request.
    Attached,
    /// A customer made a transition of a request; `reason` says which.
    TransitionMade,
    /// A customer had somebody take part in a request; `reason` says whom.
    ParticipantAdded,
    /// A customer took somebody off a request, perhaps themselves; `reason` says whom.
    ParticipantRemoved,
    /// A customer shared a request with an organisation; `reason` says which.
    Shared,
    /// A customer took a request away from an organisation; `reason` says which.
    Unshared,
    /// A customer wanted to see or change a request that is not theirs to see or change.
    RequestRefused,
    /// An account was made in JSM.
    CustomerCreated,
    /// A login opens an account in JSM from now on; `reason` says how it was found.
    CustomerBound,
    /// A login is found by address again.
    CustomerUnbound,
    /// A provider gives another address for somebody, who still opens the same account.
    CustomerAddressChanged,
    /// Somebody was listed at a desk.
    CustomerAdded,
    /// Somebody joined an organisation or a group; `reason` says which.
    CustomerJoined,
    /// Somebody left an organisation.
    CustomerLeft,
    /// It cannot be told which account is somebody's, or they may not act at a desk; `rule` says why.
    CustomerRefused,
    /// A customer sent a form that is not one of theirs, or has more in it than was asked for; `rule` says
    /// which.
    FormRefused,
    /// A customer raised a request.
    RequestCreated,
    /// The gate vouched for somebody to a service provider.
    Asserted,
    /// Somebody logged in was not vouched for to a service provider; `rule` or `reason` says why.
    AssertionRefused,
    /// The next signing key of a service provider was made; `reason` is its fingerprint.
    KeyMade,
    /// The next signing key of a service provider signs; `reason` is its fingerprint.
    KeySwitched,
    /// The previous signing key of a service provider signs again; `reason` is its fingerprint.
    KeyRestored,
}

/// Who ended a session, or asked for emergency access.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Actor {
    /// The person whose it was.
    Customer,
    /// The provider, by back-channel or front-channel logout.
    Provider,
    /// A service provider, by its logout request.
    #[serde(rename = "service_provider")]
    ServiceProvider,
    /// Somebody on the gate's machine.
    Admin,
}

impl Actor {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Provider => "provider",
            Self::ServiceProvider => "service_provider",
            Self::Admin => "admin",
        }
    }
}
