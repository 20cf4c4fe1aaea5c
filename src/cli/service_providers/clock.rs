//! The clock of the gate beside Atlassian's: an assertion has two times in it, and Atlassian refuses it when they
//! are not its own.

use std::time::{Duration, SystemTime};

use reqwest::header::DATE;
use url::Url;

use super::http;
use crate::domain::{Clock, Finding};

const SUBJECT: &str = "service providers";

/// An assertion counts from a minute before it was made. A warning comes at half of it.
const SKEW_ALLOWED: Duration = Duration::from_secs(60);

/// Asks `atlassian` for the time.
pub(super) async fn check(atlassian: &Url, clock: &Clock) -> Finding {
    let host = atlassian.host_str().unwrap_or_default();
    let Some(theirs) = date_of(atlassian).await else {
        return Finding::warning(
            SUBJECT,
            format!("{host} does not tell the time from here, so the clocks were not compared"),
            "see that this machine's clock is synchronised (NTP): timedatectl",
        );
    };
    let now = clock.now();
    let skew = now.duration_since(theirs).unwrap_or_else(|error| error.duration());
    let text = format!("Atlassian's clock and ours are {} seconds apart", skew.as_secs());
    let remedy = "synchronise the clock (NTP): Atlassian refuses assertions beyond a minute";
    match skew {
        _ if skew > SKEW_ALLOWED => Finding::failure(SUBJECT, text, remedy),
        _ if skew > SKEW_ALLOWED / 2 => Finding::warning(SUBJECT, text, remedy),
        _ => Finding::ok(SUBJECT, text),
    }
}

/// Any answer has it, refusals too.
async fn date_of(url: &Url) -> Option<SystemTime> {
    let answer = http().ok()?.head(url.clone()).send().await.ok()?;
    httpdate::parse_http_date(answer.headers().get(DATE)?.to_str().ok()?).ok()
}
