//! Times of a day, as people write them.

use jiff::civil::Time;

use super::super::posted::ascii_width;

/// `14:30`, `14.30`, `1430`, `14h30`, `2:30 pm`, `9am`, `14時30分`.
pub(super) fn parse(typed: &str) -> Option<Time> {
    let typed = ascii_width(typed).to_lowercase().replace(['.', 'h', '時'], ":").replace('分', "");
    // "a.m." has become "a:m:" by now.
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let typed = typed.replace("a:m:", "am").replace("p:m:", "pm");
    let (clock, half) = match (typed.strip_suffix("am"), typed.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (typed.as_str(), None),
    };
    let (hour, minute) = hour_and_minute(clock.trim_end_matches(':'))?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

fn hour_and_minute(clock: &str) -> Option<(i8, i8)> {
    let (hour, minute) = match clock.split_once(':') {
        Some(halves) => halves,
        None if clock.len() >= 3 => clock.split_at_checked(clock.len() - 2)?,
        None => (clock, "0"),
    };
    let digits = |text: &str| {
        let plain = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    Some((digits(hour)?, digits(minute)?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("14:30", 14, 30)]
    #[case("14.30", 14, 30)]
    #[case("1430", 14, 30)]
    #[case("930", 9, 30)]
    #[case("14h30", 14, 30)]
    #[case("14h", 14, 0)]
    #[case("14", 14, 0)]
    #[case("2:30 pm", 14, 30)]
    #[case("2:30 p.m.", 14, 30)]
    #[case("9am", 9, 0)]
    #[case("12 am", 0, 0)]
    #[case("12 pm", 12, 0)]
    #[case("14時30分", 14, 30)]
    #[case("１４：３０", 14, 30)]
    fn a_time_is_read_as_it_was_meant(#[case] typed: &str, #[case] hour: i8, #[case] minute: i8) {
        assert_eq!(parse(typed), Some(time(hour, minute, 0, 0)));
    }

    #[rstest]
    #[case("25:00")]
    #[case("12:60")]
    #[case("13 pm")]
    #[case("noon")]
    #[case("12:3:4")]
    #[case("14:3o")]
    #[case("")]
    fn what_is_no_time_is_none(#[case] typed: &str) {
        assert_eq!(parse(typed), None);
    }
}
