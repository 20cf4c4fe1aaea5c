//! How the body of a request can end before it is over. The request path knows why, and the page that
//! reads the body tells its sender. Must not know what is in it.

/// The rest of a body does not come.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BrokenBody {
    /// Its sender went away, or it is malformed.
    #[error("the request body broke off")]
    BrokeOff,
    /// It is longer than its route takes.
    #[error("the request body is longer than its route takes")]
    TooLong,
    /// It came below the least rate, or not in time.
    #[error("the request body came too slowly")]
    TooSlow,
}
