//! The order in which people look for names: “Desk 2” before “Desk 10”, in whatever case.

/// A name as a key to sort by.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct NaturalOrder(Vec<Part>);

/// A number comes before a text, and a shorter number before a longer one.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Part {
    Number { digits: usize, text: String },
    Text(String),
}

/// The key of a name.
#[must_use]
pub fn natural_order(name: &str) -> NaturalOrder {
    let name = name.to_lowercase();
    let kinds = name.chars().collect::<Vec<_>>();
    let parts = kinds.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit());
    NaturalOrder(parts.map(part).collect())
}

fn part(chars: &[char]) -> Part {
    let text: String = chars.iter().collect();
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Part::Text(text);
    }
    let text = text.trim_start_matches('0').to_owned();
    Part::Number { digits: text.len(), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_numbers() {
        let sorted = ["", "2nd desk", "Desk", "desk 1", "Desk 2", "Desk 02 b", "desk 10", "IT"];
        let mut names = sorted.to_vec();
        names.reverse();
        names.sort_by_cached_key(|name| natural_order(name));
        assert_eq!(names, sorted);
    }
}
