//! A request that waits, as a text. The cookie of a pending login has hardly room for it. Must not know how it is
//! sealed.

use std::borrow::Cow;
use std::fmt;

use saml::RequestId;

use super::Waiting;

/// Stands for what there is not. No identifier and no digest is this.
const NONE: &str = "-";

/// What most classes begin with (SAML Authentication Context 2.0, 3.4).
const CLASSES: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:";

impl Waiting {
    /// Reads the text that [`fmt::Display`] writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (line, rest) = text.split_once('\n')?;
        let (classes, relay_state) = rest.split_once('\n')?;
        let mut words = line.split(' ');
        let mut next = || words.next();
        let (arrived, acs, marks, session, id) = (next()?, next()?, next()?, next()?, next()?);
        let id = if id == NONE { None } else { Some(RequestId::parse(id).ok()?) };
        let [acs, session] = [acs, session].map(|it| (it != NONE).then(|| it.to_owned()));
        Some(Self {
            id,
            acs,
            force_authn: marks.contains('f'),
            authn_context: classes.split_ascii_whitespace().map(long).collect(),
            session,
            relay_state: marks.contains('r').then(|| relay_state.to_owned()),
            arrived: arrived.parse().ok()?,
        })
    }
}

/// RelayState comes last and is not escaped.
impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, acs, force_authn, authn_context, session, relay_state, arrived } = self;
        let id = id.as_ref().map_or(NONE, RequestId::as_str);
        let force = if *force_authn { "f" } else { "" };
        let has_state = if relay_state.is_some() { "r" } else { "" };
        let [acs, session] = [acs, session].map(|it| it.as_deref().unwrap_or(NONE));
        let classes: Vec<_> = authn_context.iter().map(|class| short(class)).collect();
        let (classes, relay_state) =
            (classes.join(" "), relay_state.as_deref().unwrap_or_default());
        write!(f, "{arrived} {acs} .{force}{has_state} {session} {id}\n{classes}\n{relay_state}")
    }
}

/// A class with little in place of the beginning that most have. No URI begins with that.
pub(super) fn short(class: &str) -> Cow<'_, str> {
    class.strip_prefix(CLASSES).map_or(Cow::Borrowed(class), |rest| format!(":{rest}").into())
}

fn long(class: &str) -> String {
    class.strip_prefix(':').map_or_else(|| class.to_owned(), |rest| format!("{CLASSES}{rest}"))
}
