//! What Jira leaves out when it reads a segment of a path. It must not know what the segment means.

/// The part of a segment that Jira may read as its whole name: without blanks, a path parameter,
/// and the suffix by which its REST picks a format.
pub(super) fn stem(segment: &str) -> &str {
    without_suffix(segment.split(';').next().unwrap_or_default().trim())
}

/// A segment without the suffix alone. Jira's REST takes these six off and sets `Accept` by them
/// (`ExtensionJerseyFilter` of atlassian-rest).
pub(super) fn without_suffix(segment: &str) -> &str {
    const SUFFIXES: [&str; 6] = [".json", ".xml", ".txt", ".htm", ".html", ".atom"];
    let stem = SUFFIXES.iter().find_map(|suffix| {
        let at = segment.len().checked_sub(suffix.len())?;
        let (stem, end) = segment.split_at_checked(at)?;
        end.eq_ignore_ascii_case(suffix).then_some(stem)
    });
    stem.unwrap_or(segment)
}
