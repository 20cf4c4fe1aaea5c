//! The comment of a form, found again among those of its request when JSM's answer was lost. Must not know how
//! JSM is asked.

use crate::config::Deployment;
use crate::domain::{AttachmentId, CommentId};
use crate::jsm::requests::{Comment, Conversation};
use crate::jsm::writing::Writing;
use crate::portal::authors::Author;
use crate::portal::forms::{NameAndSize, Sent, SubmissionKey, is_since};

/// A comment that is there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found {
    /// It says of which form it came.
    Signed,
    /// JSM made it of the form's files, and nobody has signed it yet.
    Unsigned(CommentId),
}

impl Found {
    /// The comment that came of a form.
    pub(super) fn of(
        form: &SubmissionKey,
        sent: &Sent,
        author: Author<'_>,
        told: &Conversation,
    ) -> Option<Self> {
        let says_so = |comment: &Comment| {
            comment.claim.as_ref().is_some_and(|claim| claim.form == form.as_str())
        };
        if told.comments.iter().any(says_so) {
            return Some(Self::Signed);
        }
        let mut comments = told.comments.iter().filter(|comment| {
            comment.is_sent_by_gate
                && comment.claim.is_none()
                && has_files_of(sent, comment, told)
                && names(author, &comment.words)
        });
        comments.next().map(|comment| Self::Unsigned(comment.id))
    }
}

/// Whether it was made since, of all files of the form and no others.
fn has_files_of(sent: &Sent, comment: &Comment, told: &Conversation) -> bool {
    let file = |id: &AttachmentId| {
        let file = told.file(*id)?;
        Some(NameAndSize { name: file.name.clone(), size: file.size })
    };
    let made = u64::try_from(comment.created.as_second()).unwrap_or_default();
    let files = NameAndSize::sorted(comment.files.iter().filter_map(file));
    !sent.files.is_empty() && files == sent.files && is_since(made, sent)
}

/// Whether it has the line that the gate writes above what a customer says, in the words of a document or of
/// wiki markup, whichever JSM keeps.
fn names(author: Author<'_>, words: &str) -> bool {
    let line = Writing::of_line(&author.line());
    let spelled = [Deployment::Cloud, Deployment::DataCenter].map(|it| line.body(it).words());
    spelled.iter().any(|line| words.contains(line.as_str()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::{AccountId, RequestTypeId};
    use crate::jsm::requests::{Attachment, AuthorClaim, Person};

    const SINCE: u64 = 1_800_000_000;

    fn nobody() -> Person {
        Person { account: None, name: String::new() }
    }

    fn file(id: &str, name: &str, size: u64) -> Attachment {
        Attachment {
            id: AttachmentId::parse(id).unwrap(),
            name: name.to_owned(),
            size,
            claimed_type: String::new(),
            created: None,
            author: nobody(),
            has_thumbnail: false,
        }
    }

    /// As JSM makes it of two files of Ann's.
    fn comment() -> Comment {
        Comment {
            id: CommentId::parse("7").unwrap(),
            author: nobody(),
            is_sent_by_gate: true,
            claim: None,
            created: jiff::Timestamp::from_second(1_800_000_000).unwrap(),
            text: String::new(),
            words: "{*}Ann Example wrote:{*} Look [^b.txt] [^a.txt]".to_owned(),
            html: None,
            files: ["2", "1"].map(|id| AttachmentId::parse(id).unwrap()).into(),
            is_from_outside: false,
        }
    }

    fn claim(form: &str) -> AuthorClaim {
        AuthorClaim {
            version: 1,
            account: AccountId::parse("ann").unwrap(),
            name: "Ann Example".to_owned(),
            at: SINCE,
            form: form.to_owned(),
            mac: String::new(),
        }
    }

    fn found(sent_files: &[(&str, u64)], comment: Comment) -> Option<Found> {
        let account = AccountId::parse("ann").unwrap();
        let sent_file =
            |(name, size): &(&str, u64)| NameAndSize { name: (*name).to_owned(), size: *size };
        let sent = Sent {
            since: SINCE,
            reporter: account.clone(),
            request_type: RequestTypeId::parse("66").unwrap(),
            summary: String::new(),
            files: NameAndSize::sorted(sent_files.iter().map(sent_file)),
        };
        let told = Conversation {
            comments: vec![comment],
            files: vec![file("1", "a.txt", 1), file("2", "b.txt", 2)],
        };
        let author = Author { account: &account, name: "Ann Example" };
        let form: SubmissionKey = serde_json::from_str("\"of-this-form\"").unwrap();
        Found::of(&form, &sent, author, &told)
    }

    const BOTH: &[(&str, u64)] = &[("a.txt", 1), ("b.txt", 2)];

    #[rstest]
    #[case::files(BOTH, comment(), Some(Found::Unsigned(CommentId::parse("7").unwrap())))]
    #[case::clocks_apart(BOTH, Comment { created: jiff::Timestamp::from_second(1_799_999_800).unwrap(), ..comment() }, Some(Found::Unsigned(CommentId::parse("7").unwrap())))]
    #[case::says_so(&[], Comment { claim: Some(claim("of-this-form")), files: vec![], ..comment() }, Some(Found::Signed))]
    #[case::of_another_form(BOTH, Comment { claim: Some(claim("another")), ..comment() }, None)]
    #[case::from_before(BOTH, Comment { created: jiff::Timestamp::from_second(1_799_999_600).unwrap(), ..comment() }, None)]
    #[case::more_files(&[("a.txt", 1)], comment(), None)]
    #[case::other_size(&[("a.txt", 1), ("b.txt", 3)], comment(), None)]
    #[case::p18_of_an_agent(BOTH, Comment { is_sent_by_gate: false, ..comment() }, None)]
    #[case::p18_of_another_customer(BOTH, Comment { words: "{*}Bob Example wrote:{*} Look".to_owned(), ..comment() }, None)]
    #[case::without_files(&[], Comment { files: vec![], ..comment() }, None)]
    fn a_comment_is_told_from_others(
        #[case] sent_files: &[(&str, u64)],
        #[case] comment: Comment,
        #[case] expected: Option<Found>,
    ) {
        assert_eq!(found(sent_files, comment), expected);
    }
}
