//! Hides secrets in the text that a report quotes: rather too much than too little. It must not
//! know which keys there are.

use crate::config::field::Span;

const SECRET_NAMES: [&str; 5] = ["client_secret", "api_token", "secret", "token", "password"];

/// The text with the spans, whatever follows the name of a secret on its line, and user names in
/// addresses as asterisks.
/// Every byte becomes one asterisk, so that all other places keep their number.
pub(super) fn secrets(text: &str, spans: &[Span]) -> String {
    let mut line_start = 0;
    let mut hidden = spans.to_vec();
    for line in text.split_inclusive('\n') {
        if let Some(at) = inline_secret(line) {
            hidden.push(line_start + at..line_start + line.len());
        }
        if let Some((from, to)) = url_credentials(line) {
            hidden.push(line_start + from..line_start + to);
        }
        line_start += line.len();
    }
    let blot = |(at, byte): (usize, u8)| {
        let keep = byte.is_ascii_whitespace() || !hidden.iter().any(|span| span.contains(&at));
        if keep { byte } else { b'*' }
    };
    let bytes: Vec<u8> = text.bytes().enumerate().map(blot).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where the value of an inline secret begins in a line that may not even be TOML.
fn inline_secret(line: &str) -> Option<usize> {
    let line = &line.to_ascii_lowercase();
    let begins = |name: &&str| {
        let value_after = |(at, _): (usize, &str)| {
            let before = line.get(..at)?.chars().next_back();
            let rest = line.get(at + name.len()..)?;
            let own_word = !before.is_some_and(|c| c.is_alphanumeric() || "_/".contains(c));
            let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start();
            let value = rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start();
            let is_value = value.len() < rest.len() || rest.starts_with(['"', '\'']);
            (own_word && is_value).then(|| line.len() - value.len())
        };
        line.match_indices(*name).find_map(value_after)
    };
    SECRET_NAMES.iter().filter_map(begins).min()
}

/// Where `me:password` is in `https://me:password@host`.
fn url_credentials(line: &str) -> Option<(usize, usize)> {
    let from = line.find("://")? + "://".len();
    let to = line.rfind('@').filter(|to| from < *to)?;
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("client_secret = \"hunter2\"\n", false)]
    #[case("client_secret = hunter2\n", false)]
    #[case("Client_Secret = hunter2\n", false)]
    #[case("client_secret \"hunter2\"\n", false)]
    #[case("\"api_token\": hunter2\n", false)]
    #[case("provider = [{ id = 'a', client_secret = 'hunter2' }]\n", false)]
    #[case("url = \"https://me:hunter2@jira.example.com\"\n", false)]
    #[case("secret_file = \"secrets/hunter2\" # where the secret is\n", true)]
    #[case("[session] # its secret is hunter2\n", true)]
    fn values_of_inline_secrets_are_not_shown(#[case] line: &str, #[case] shown: bool) {
        let hidden = secrets(line, &[]);
        assert_eq!(hidden.contains("hunter2"), shown, "{hidden}");
        assert_eq!(hidden.len(), line.len());
    }

    #[test]
    fn hidden_places_become_asterisks_and_nothing_else_moves() {
        assert_eq!(
            secrets("näme = \"ö\"\nb = 2\n", std::slice::from_ref(&(8..12))),
            "näme = ****\nb = 2\n"
        );
    }
}
