//! What becomes of a reply and of a step of the workflow, and how the page says it. Must not know how it comes to
//! that.

/// What became of a reply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::portal::hosted) enum Ended {
    /// It is there.
    Said,
    /// It is there; JSM did not make the transition.
    SaidOnly,
    /// It is there; whether the transition was made, nobody knows.
    SaidAtLeast,
    /// The transition was made, with words or without.
    Moved,
    /// JSM did not take it.
    Refused,
    /// JSM no longer has the files. Nothing was sent.
    FilesForgotten,
    /// The transition is not offered any more. Nothing was sent.
    NotOffered,
    /// JSM never got it.
    NotSent,
    /// Nobody knows yet.
    Unknown,
    /// It was not found in two minutes.
    Undecided,
}

impl Ended {
    /// The name of what the page says when it is over, if it is.
    pub(in crate::portal::hosted) fn said(self) -> Option<&'static str> {
        match self {
            Self::Said => Some("replied"),
            Self::SaidOnly => Some("replied-only"),
            Self::SaidAtLeast => Some("replied-at-least"),
            Self::Moved => Some("moved"),
            Self::FilesForgotten
            | Self::NotOffered
            | Self::NotSent
            | Self::Refused
            | Self::Undecided
            | Self::Unknown => None,
        }
    }

    /// The text that tells what became of it, where that is not said of its files.
    pub(in crate::portal::hosted) fn notice(self) -> Option<&'static str> {
        Some(match self {
            Self::FilesForgotten => return None,
            Self::Said | Self::Moved | Self::SaidOnly | Self::SaidAtLeast | Self::Refused => {
                "reply-refused"
            }
            Self::NotOffered => "reply-not-offered",
            Self::NotSent => "reply-not-sent",
            Self::Unknown => "reply-unknown",
            Self::Undecided => "reply-undecided",
        })
    }
}
