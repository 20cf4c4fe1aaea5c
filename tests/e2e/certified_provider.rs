//! A login against npm's `oidc-provider`: the protocol as others understand it.
