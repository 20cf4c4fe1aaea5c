//! Lists and ends sessions for an admin. Must not know how sessions are kept.

use serde::{Deserialize, Serialize};

use super::ControlAnswer;
use crate::audit::{Actor, Event, Kind};
use crate::server::Assembly;
use crate::session::{SessionEntry, SessionKey, StoreError};

/// A shorter beginning of an id may be a typing mistake.
const SHORTEST: usize = 4;

/// One session of the list.
#[derive(Debug, Deserialize, Serialize)]
pub struct SessionLine {
    /// The id that the log and `sessions end --session` use. It does not open the session.
    #[serde(default)]
    pub id: String,
    /// The email address, or else the name, or else the subject.
    pub who: String,
    /// The provider's id of the person.
    pub subject: String,
    /// Where they logged in.
    pub provider: String,
    /// Unix seconds of the login.
    pub created: u64,
    /// Unix seconds of the latest request.
    pub last_used: u64,
}

impl From<&SessionEntry> for SessionLine {
    fn from(session: &SessionEntry) -> Self {
        Self {
            id: id(&session.key),
            who: session.identity.label().to_owned(),
            subject: session.identity.subject.to_string(),
            provider: session.identity.provider.to_string(),
            created: session.created,
            last_used: session.last_used,
        }
    }
}

fn id(key: &SessionKey) -> String {
    format!("{key:?}")
}

/// Lists the sessions of everybody, or of one person.
pub(super) async fn list(assembly: &Assembly, of: Option<&str>) -> ControlAnswer {
    match assembly.sessions().list(of).await {
        Ok(sessions) => ControlAnswer::Sessions(sessions.iter().map(SessionLine::from).collect()),
        Err(error) => ControlAnswer::Refused(error.to_string()),
    }
}

/// Ends all sessions of one person.
pub(super) async fn end_all(assembly: &Assembly, of: &str) -> ControlAnswer {
    match assembly.sessions().list(Some(of)).await {
        Ok(sessions) => end(assembly, sessions.iter()).await,
        Err(error) => ControlAnswer::Refused(error.to_string()),
    }
}

/// Ends the one session whose id begins like this.
pub(super) async fn end_one(assembly: &Assembly, beginning: &str) -> ControlAnswer {
    let beginning = beginning.to_ascii_lowercase();
    let sessions = match assembly.sessions().list(None).await {
        Ok(sessions) => sessions,
        Err(error) => return ControlAnswer::Refused(error.to_string()),
    };
    let is_it = |session: &&SessionEntry| id(&session.key).starts_with(&beginning);
    let found: Vec<_> = sessions.iter().filter(is_it).collect();
    match found.as_slice() {
        _ if beginning.len() < SHORTEST => {
            ControlAnswer::Refused(format!("{beginning:?} is too short for an id of a session"))
        }
        [] => ControlAnswer::Refused(format!(
            "no session has the id {beginning:?}; see: sessions list"
        )),
        [one] => end(assembly, std::iter::once(*one)).await,
        _ => ControlAnswer::Refused(format!(
            "several sessions have ids that begin with {beginning:?}"
        )),
    }
}

async fn end(assembly: &Assembly, sessions: impl Iterator<Item = &SessionEntry>) -> ControlAnswer {
    let ended: Result<usize, StoreError> = async {
        let mut ended = 0;
        for session in sessions {
            if assembly.sessions().end_by_key(&session.key).await? {
                let event = Event::new(Kind::Logout).about(&session.identity);
                assembly.audit().note(event.by(Actor::Admin));
                ended += 1;
            }
        }
        Ok(ended)
    }
    .await;
    ended.map_or_else(|error| ControlAnswer::Refused(error.to_string()), ControlAnswer::Ended)
}
