//! Who wrote the comments that the service account sent. The gate signs that, because anybody who may write
//! into JSM can write a property or a first line (docs/security.md P18). Must not know how a comment is
//! written or shown.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::forms::SubmissionKey;
use crate::domain::{AccountId, Clock, CommentId, IssueId};
use crate::jsm::requests::{AuthorClaim, Comment, Conversation};
use crate::session::Signatures;

/// Of the claim: raised with each change of what is signed.
const VERSION: u32 = 1;

/// Signs who wrote a comment, and knows its signatures again.
#[derive(Debug)]
pub struct Authors {
    signatures: Signatures,
    clock: Clock,
}

/// Somebody who writes a comment.
#[derive(Clone, Copy, Debug)]
pub struct Author<'a> {
    /// Their account.
    pub account: &'a AccountId,
    /// The name to show.
    pub name: &'a str,
}

impl Author<'_> {
    /// The first line of their comment, which agents read.
    #[must_use]
    pub fn line(&self) -> String {
        line(self.name)
    }
}

/// The first line of a comment of whoever has this name.
#[must_use]
pub fn line(name: &str) -> String {
    format!("{name} wrote:")
}

impl Authors {
    /// Signs with these.
    #[must_use]
    pub fn new(signatures: Signatures, clock: Clock) -> Self {
        Self { signatures, clock }
    }

    /// Claims that somebody wrote the one comment of a form, which says these words. `None` without a usable
    /// secret.
    #[must_use]
    pub fn claim(
        &self,
        author: Author<'_>,
        request: IssueId,
        form: &SubmissionKey,
        words: &str,
    ) -> Option<AuthorClaim> {
        let mut claim = AuthorClaim {
            version: VERSION,
            account: author.account.clone(),
            name: author.name.to_owned(),
            at: self.clock.unix_seconds(),
            form: form.as_str().to_owned(),
            mac: String::new(),
        };
        claim.mac = self.signatures.sign(&message(&claim, request, words)?)?;
        Some(claim)
    }

    /// The authors of those comments of a request that have a valid signature. A signature is of one
    /// request, one text and one form; of several comments with the same one, the first is the true one.
    #[must_use]
    pub fn of<'c>(
        &self,
        request: IssueId,
        conversation: &'c Conversation,
    ) -> HashMap<CommentId, &'c AuthorClaim> {
        let mut forms = HashSet::new();
        let signed = |comment: &'c Comment| {
            let claim = comment.claim.as_ref().filter(|claim| claim.version == VERSION)?;
            let message = message(claim, request, &comment.words)?;
            let is_known = self.signatures.know(&message, &claim.mac);
            (is_known && forms.insert(claim.form.as_str())).then_some((comment.id, claim))
        };
        conversation.comments.iter().filter_map(signed).collect()
    }
}

/// What is signed, in a form that can be read in one way only.
fn message(claim: &AuthorClaim, request: IssueId, words: &str) -> Option<Vec<u8>> {
    let words = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(words.as_bytes()));
    let AuthorClaim { version, account, name, at, form, mac: _ } = claim;
    serde_json::to_vec(&(version, request, account, name, at, form, words)).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, UNIX_EPOCH};

    use secrecy::SecretString;

    use super::*;
    use crate::domain::{Identity, ProviderId};
    use crate::jsm::requests::Person;
    use crate::portal::forms::Tickets;
    use crate::session::Sealer;

    fn clock() -> Clock {
        Clock::from_fn(|| UNIX_EPOCH + Duration::from_secs(1_800_000_000))
    }

    fn authors(secret: &str) -> Authors {
        let secrets = [SecretString::from(secret.repeat(32))];
        Authors::new(Signatures::new(&secrets, "comment-author"), clock())
    }

    fn form() -> SubmissionKey {
        let identity = Identity::bare(ProviderId::parse("okta").unwrap(), "ann");
        let tickets = Tickets::new(Arc::new(Sealer::new(&[])), clock());
        tickets.issue(&identity, "/").key().clone()
    }

    fn issue(id: &str) -> IssueId {
        IssueId::parse(id).unwrap()
    }

    fn claim(words: &str) -> AuthorClaim {
        let account = AccountId::parse("ann").unwrap();
        let author = Author { account: &account, name: "Ann Example" };
        authors("a").claim(author, issue("107"), &form(), words).unwrap()
    }

    fn comment(id: &str, words: &str, claim: Option<AuthorClaim>) -> Comment {
        Comment {
            id: CommentId::parse(id).unwrap(),
            author: Person { account: AccountId::parse("gate").ok(), name: "Portal".to_owned() },
            is_sent_by_gate: true,
            claim,
            created: "2027-01-15T08:00:00Z".parse().unwrap(),
            text: words.to_owned(),
            words: words.to_owned(),
            html: None,
            files: Vec::new(),
            is_from_outside: false,
        }
    }

    fn known(authors: &Authors, request: &str, comments: Vec<Comment>) -> Vec<u64> {
        let conversation = Conversation { comments, files: Vec::new() };
        let mut ids: Vec<_> =
            authors.of(issue(request), &conversation).into_keys().map(CommentId::get).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn whoever_signed_is_the_author() {
        let said = comment("1", "It works.", Some(claim("It works.")));
        assert_eq!(known(&authors("a"), "107", vec![said]), [1]);
    }

    #[test]
    fn p18_a_signature_is_of_one_text_in_one_request() {
        let true_one = claim("It works.");
        let in_107 = |said: Comment| known(&authors("a"), "107", vec![said]);
        let none: [u64; 0] = [];
        assert_eq!(in_107(comment("1", "It is broken.", Some(true_one.clone()))), none);
        assert_eq!(in_107(comment("1", "It works.", None)), none);
        let said = || comment("1", "It works.", Some(true_one.clone()));
        assert_eq!(known(&authors("a"), "108", vec![said()]), none, "another request");
        assert_eq!(known(&authors("b"), "107", vec![said()]), none, "another gate");
        for forged in [
            AuthorClaim { name: "The Boss".to_owned(), ..true_one.clone() },
            AuthorClaim { account: AccountId::parse("boss").unwrap(), ..true_one.clone() },
            AuthorClaim { at: 1, ..true_one.clone() },
            AuthorClaim { version: 2, ..true_one.clone() },
            AuthorClaim { form: "another".to_owned(), ..true_one.clone() },
            AuthorClaim { mac: String::new(), ..true_one.clone() },
        ] {
            assert_eq!(in_107(comment("1", "It works.", Some(forged.clone()))), none, "{forged:?}");
        }
    }

    #[test]
    fn p18_of_two_comments_with_one_signature_the_first_counts() {
        let twice = [("1", "yes"), ("2", "yes")].map(|(id, words)| {
            comment(id, words, Some(claim("yes"))) // made anew, with another form
        });
        assert_eq!(known(&authors("a"), "107", twice.into()), [1, 2]);
        let copied = claim("yes");
        let twice = ["1", "2"].map(|id| comment(id, "yes", Some(copied.clone())));
        assert_eq!(known(&authors("a"), "107", twice.into()), [1]);
    }
}
