//! When to tell of a certificate that somebody has to paste by hand into another program: there is nobody
//! who renews it by himself. Must not know whose certificate it is.

use super::count;

const DAY: u64 = 24 * 60 * 60;

/// How many days before its end people are told. The first leaves time for a change of two sides.
pub const PASTED_CERTIFICATE_DAYS: [u64; 3] = [60, 30, 7];

/// Whole days until then. Both are Unix seconds.
#[must_use]
pub fn days_left(expires_at: u64, now: u64) -> u64 {
    expires_at.saturating_sub(now) / DAY
}

/// `expires in 59 days` or `has expired`; `None` while there is time.
#[must_use]
pub fn of_pasted(expires_at: u64, now: u64) -> Option<String> {
    let [first, ..] = PASTED_CERTIFICATE_DAYS;
    let days = days_left(expires_at, now);
    if expires_at <= now {
        Some("has expired".to_owned())
    } else if days < first {
        let days = usize::try_from(days).unwrap_or(usize::MAX);
        Some(format!("expires in {}", count(days, "day")))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(60 * DAY, None)]
    #[case(60 * DAY - 1, Some("expires in 59 days"))]
    #[case(DAY, Some("expires in 1 day"))]
    #[case(1, Some("expires in 0 days"))]
    #[case(0, Some("has expired"))]
    fn it_is_told_in_time(#[case] left: u64, #[case] told: Option<&str>) {
        let now = 1_800_000_000;
        assert_eq!(of_pasted(now + left, now).as_deref(), told);
    }
}
