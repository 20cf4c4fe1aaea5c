//! What a browser keeps, sealed, of its session in Jira. Must not know how it is sealed or who decides by it.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::domain::AccountId;
use crate::session::{Session, short_digest};

/// The longest address that is kept for later. A longer one is forgotten.
const LONGEST: usize = 512;

/// The most answers that a browser may be about to bring to Jira.
const MOST_ANSWERS: usize = 5;

/// A browser's session in Jira. Without one it is the default.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct JiraSession {
    /// The key of the session here that it was made for; empty for one of nobody.
    owner: String,
    /// Whom Jira was told last; empty if nobody.
    account: String,
    /// Jira's own name for the session, as its cookie has it; empty if there is none.
    id: String,
    /// Whether Jira took the session's browser for `account`.
    is_logged_in: bool,
    /// Unix seconds of the latest answer to Jira; 0 if there was none.
    answered: u64,
    /// Digests of the latest answers, the newest first, until one of them is brought to Jira: tabs that are
    /// opened together have one each.
    answers: Vec<String>,
    /// Where the browser wanted to go when Jira asked for a login; empty if unknown.
    wanted: String,
}

impl JiraSession {
    /// Reads the text that [`fmt::Display`] writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let mut next = || lines.next().map(str::to_owned);
        let (owner, account, id, marks) = (next()?, next()?, next()?, next()?);
        let (answered, answers, wanted) = (next()?.parse().ok()?, next()?, next()?);
        let answers = answers.split_ascii_whitespace().map(str::to_owned).collect();
        let is_logged_in = marks.contains('l');
        Some(Self { owner, account, id, is_logged_in, answered, answers, wanted })
    }

    /// What of it is of use to a session here, or to nobody.
    #[must_use]
    pub fn of(self, session: Option<&Session>) -> Self {
        let owner = owner(session);
        if self.owner == owner {
            return self;
        }
        Self { owner, wanted: self.wanted, ..Self::default() }
    }

    /// Whether a session in Jira is this one.
    #[must_use]
    pub fn has_id(&self, id: &str) -> bool {
        !id.is_empty() && self.id == id
    }

    /// As whom the browser is logged in in Jira.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        (self.is_logged_in && !self.id.is_empty()).then_some(self.account.as_str())
    }

    /// Whether there is an answer that has not been brought to Jira. Only one is.
    #[must_use]
    pub fn has_answer(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Whether a posted answer is such a one.
    #[must_use]
    pub fn is_answer(&self, posted: &str) -> bool {
        self.answers.contains(&short_digest(posted))
    }

    /// Whether Jira was answered at that time (Unix seconds) or later, and has taken the answer.
    pub(super) fn was_answered_since(&self, time: u64) -> bool {
        !self.has_answer() && self.answered > 0 && self.answered >= time
    }

    /// Where the browser wanted to go when Jira asked for a login.
    #[must_use]
    pub fn wanted(&self) -> Option<&str> {
        (!self.wanted.is_empty()).then_some(self.wanted.as_str())
    }

    /// The same, on the way to this address.
    #[must_use]
    pub fn wanting(self, address: &str) -> Self {
        let fits = address.len() <= LONGEST && !address.contains('\n');
        let wanted = if fits { address.to_owned() } else { String::new() };
        Self { wanted, ..self }
    }

    /// The same, after an answer to Jira, as the browser is to post it. The session that the browser has
    /// there goes on until the answer is brought.
    pub(super) fn answered(self, account: &AccountId, answer: &str, now: u64) -> Self {
        let account = account.to_string();
        let is_same = self.account == account;
        let before = self.answers.into_iter().filter(|_| is_same);
        let answers = [short_digest(answer)].into_iter().chain(before).take(MOST_ANSWERS).collect();
        let is_logged_in = self.is_logged_in && is_same;
        Self { account, is_logged_in, answered: now, answers, ..self }
    }

    /// The same, after the answer was brought to Jira, which began this session, or none.
    #[must_use]
    pub fn delivered(self, id: Option<&str>) -> Self {
        let id = id.filter(|id| is_line(id)).unwrap_or_default().to_owned();
        let is_logged_in = !id.is_empty();
        Self { id, is_logged_in, answers: Vec::new(), wanted: String::new(), ..self }
    }

    /// The same, after Jira gave the session another name. It says itself whether it still knows the customer.
    #[must_use]
    pub fn renamed(self, id: &str, is_logged_in: bool) -> Self {
        let is_logged_in = is_logged_in && self.is_logged_in;
        let id = if is_line(id) { id.to_owned() } else { String::new() };
        Self { id, is_logged_in, ..self }
    }

    /// The same without a session in Jira.
    #[must_use]
    pub fn ended(self) -> Self {
        Self { id: String::new(), is_logged_in: false, ..self }
    }
}

fn is_line(text: &str) -> bool {
    !text.contains('\n')
}

fn owner(session: Option<&Session>) -> String {
    let key = |session: &Session| BASE64_URL_SAFE_NO_PAD.encode(session.key().bytes());
    session.map(key).unwrap_or_default()
}

/// One value a line. No value has a line break.
impl fmt::Display for JiraSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { owner, account, id, is_logged_in, answered, answers, wanted } = self;
        let (marks, answers) = (if *is_logged_in { "l" } else { "" }, answers.join(" "));
        write!(f, "{owner}\n{account}\n{id}\n{marks}\n{answered}\n{answers}\n{wanted}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::SessionId;
    use crate::session::store::contract::login;

    fn session(subject: &str) -> Session {
        Session::new(SessionId::random().credential(), login(subject), 1000)
    }

    fn ann() -> AccountId {
        AccountId::parse("ann@example.com").unwrap()
    }

    /// A browser whose answer was brought to Jira, which began a session.
    fn logged_in(session: &Session) -> JiraSession {
        let kept = JiraSession::default().of(Some(session)).wanting("/x?y=z");
        kept.answered(&ann(), "<Response/>", 1000).delivered(Some("ABC.node1"))
    }

    #[test]
    fn what_is_written_is_read_again() {
        let session = session("ann");
        let answered = JiraSession::default().of(Some(&session)).answered(&ann(), "<R/>", 7);
        let answered = answered.wanting("/x");
        for kept in [JiraSession::default(), logged_in(&session), answered] {
            assert_eq!(JiraSession::parse(&kept.to_string()).unwrap(), kept);
        }
        for rubbish in ["", "a\nb", "a\nb\nc\nd\nnever\nx\ny", "a\nb\nc\nd\n7\nx"] {
            assert_eq!(JiraSession::parse(rubbish), None, "{rubbish}");
        }
    }

    #[test]
    fn dc10_a_session_in_jira_is_of_no_use_to_anybody_else() {
        let (first, second) = (session("ann"), session("ann"));
        let kept = logged_in(&first).of(Some(&first));
        assert_eq!((kept.account(), kept.has_id("ABC.node1")), (Some("ann@example.com"), true));
        for other in [logged_in(&first).of(Some(&second)), logged_in(&first).of(None)] {
            assert_eq!((other.account(), other.has_id("ABC.node1")), (None, false));
        }
        assert!(!JiraSession::default().has_id(""), "no session has a name");
    }

    #[test]
    fn an_answer_counts_once() {
        let session = session("ann");
        let kept = JiraSession::default().of(Some(&session)).answered(&ann(), "<R/>", 1000);
        assert!(kept.has_answer() && kept.account().is_none());
        assert!(kept.is_answer("<R/>") && !kept.is_answer("<R></R>") && !kept.is_answer(""));
        // Another tab has one as well.
        let kept = kept.answered(&ann(), "<R>2</R>", 1000);
        assert!(kept.is_answer("<R/>") && kept.is_answer("<R>2</R>"));
        let many = (0..5).fold(kept.clone(), |it, at| it.answered(&ann(), &at.to_string(), 1000));
        assert!(!many.is_answer("<R/>") && many.is_answer("0") && many.is_answer("4"));
        let bobs = kept.clone().answered(&AccountId::parse("bob").unwrap(), "<R>b</R>", 1000);
        assert!(!bobs.is_answer("<R/>") && bobs.is_answer("<R>b</R>"), "of one person only");
        assert!(!kept.was_answered_since(1000), "it may still be on its way");
        let kept = kept.delivered(Some("ABC"));
        assert!(!kept.has_answer() && !kept.is_answer("<R/>") && kept.account().is_some());
        assert!(kept.was_answered_since(1000) && !kept.was_answered_since(1001));
        assert!(!kept.delivered(None).has_answer());
    }

    #[test]
    fn another_answer_leaves_the_session_to_the_same_person_alone() {
        let session = session("ann");
        let bob = AccountId::parse("bob").unwrap();
        assert!(logged_in(&session).answered(&ann(), "<R/>", 2000).account().is_some());
        assert!(logged_in(&session).answered(&bob, "<R/>", 2000).account().is_none());
    }

    #[test]
    fn a_new_name_keeps_the_login_only_if_jira_says_so() {
        let session = session("ann");
        let renamed = |says| logged_in(&session).renamed("DEF", says);
        assert_eq!(
            (renamed(true).account(), renamed(true).has_id("DEF")),
            (Some("ann@example.com"), true)
        );
        assert_eq!((renamed(false).account(), renamed(false).has_id("DEF")), (None, true));
        let never = JiraSession::default().of(Some(&session)).renamed("DEF", true);
        assert_eq!(never.account(), None, "nobody was told of");
    }
}
