//! Articles of the knowledge base.

/// An article.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Article {
    /// The page's id.
    pub id: u64,
    /// Its title.
    pub title: String,
    /// The lines that a search shows.
    pub excerpt: String,
    /// What it says, in HTML.
    pub html: String,
    /// The project whose portal has it; every portal if none.
    pub project: Option<String>,
}

impl Article {
    /// Whether a search for `text` finds it.
    pub(in crate::jsm) fn matches(&self, text: &str) -> bool {
        let whole = format!("{} {}", self.title, self.excerpt).to_lowercase();
        text.to_lowercase().split_whitespace().all(|word| whole.contains(word))
    }
}
