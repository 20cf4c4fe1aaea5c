//! Words that stand wherever JSM keeps something that no customer may see. A test that finds one of
//! them in what a customer was sent has found a leak.

/// The body of an internal comment.
pub const INTERNAL_COMMENT: &str = "INTERNAL-COMMENT";
/// The name and the content of a file that only agents may see.
pub const INTERNAL_FILE: &str = "INTERNAL-FILE";
/// The name of a status as agents know it.
pub const INTERNAL_STATUS: &str = "INTERNAL-STATUS";
/// The name and the value of a field that the portal does not show.
pub const HIDDEN_FIELD: &str = "HIDDEN-FIELD";
/// Whatever else is for agents: their links, their transitions, restricted articles.
pub const AGENT_ONLY: &str = "AGENT-ONLY";
/// In the address of another host that gives a file to whoever knows the address.
pub const MEDIA_TOKEN: &str = "MEDIA-TOKEN";

/// All of them.
pub const MARKED_WORDS: [&str; 6] =
    [INTERNAL_COMMENT, INTERNAL_FILE, INTERNAL_STATUS, HIDDEN_FIELD, AGENT_ONLY, MEDIA_TOKEN];
