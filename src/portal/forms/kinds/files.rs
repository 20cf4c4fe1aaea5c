//! Files, which are uploaded before the form is sent and kept with it.

use super::super::answer::Answer;
use super::super::widget::{Control, ListedFile};
use super::Reading;
use crate::domain::is_hidden;

/// The longest name of a file, in characters: what a line of JSM's takes.
const LONGEST_NAME: usize = 255;

/// A file that JSM has taken for the time being.
#[derive(Clone, Debug, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
pub struct KeptFile {
    /// JSM's id of it (`temporaryAttachmentId`).
    pub id: String,
    /// Its name, as [`file_name`] makes it.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
}

/// What files a form takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FileLimits {
    /// The most bytes of one.
    pub bytes: u64,
    /// The most of them.
    pub count: usize,
}

/// A name for a file whose browser calls it `given`: no folders, nothing that cannot be seen or turns
/// the letters round, not too long (docs/security.md P25).
#[must_use]
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    let shown = shown.trim().trim_start_matches('.').trim_start();
    let name = shortened(shown);
    if name.is_empty() { "file".to_owned() } else { name }
}

/// The ending of a name says what it is, so the middle goes.
fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST_NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| ending.chars().count() <= 16);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let kept = LONGEST_NAME.saturating_sub(ending.chars().count());
    name.chars().take(kept).collect::<String>() + &ending
}

pub(super) fn answer(files: &[KeptFile]) -> Option<Answer> {
    let ids: Vec<_> = files.iter().map(|file| file.id.clone()).collect();
    (!ids.is_empty()).then_some(Answer::Files(ids))
}

pub(in crate::portal::forms) fn control(reading: &Reading<'_>) -> Control {
    let listed = |file: &KeptFile| ListedFile {
        name: file.name.clone(),
        megabytes: reading.locale.megabytes(file.size),
    };
    Control::Files {
        listed: reading.files.iter().map(listed).collect(),
        megabytes: reading.locale.megabytes_within(reading.limits.bytes),
        count: reading.limits.count,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain("offer 2.pdf", "offer 2.pdf")]
    #[case::letters("Büro-山田.png", "Büro-山田.png")]
    #[case::folders("../../etc/passwd", "passwd")]
    #[case::folders_of_windows(r"C:\Temp\a.txt", "a.txt")]
    #[case::line_breaks("a\r\nX-Evil: 1.txt", "aX-Evil: 1.txt")]
    #[case::turned_round("gpj.\u{202e}exe.txt", "gpj.exe.txt")]
    #[case::hidden_file(".htaccess", "htaccess")]
    #[case::only_dots("..", "file")]
    #[case::empty("", "file")]
    fn p25_a_file_gets_a_name_that_does_no_harm(#[case] given: &str, #[case] name: &str) {
        assert_eq!(file_name(given), name);
    }

    #[test]
    fn p25_a_long_name_keeps_its_ending() {
        let name = file_name(&format!("{}.pdf", "a".repeat(300)));
        assert_eq!(name.chars().count(), 255);
        assert!(name.ends_with("a.pdf"));
    }
}
