//! How many requests were answered, how, and how fast. Each thread counts for itself, and the
//! numbers are added up when somebody asks: threads with one counter would wait for each other at
//! every request. It must not know what is answered.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

/// By the first digit of the status. The first counter is for requests without one.
const CLASSES: [&str; 6] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"];

/// Upper bounds of the histogram's buckets, in seconds. One more bucket is above the last.
const SECONDS: [f64; 10] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 60.0];

/// What one thread has counted.
#[derive(Debug, Default)]
pub struct Answers {
    classes: [AtomicU64; CLASSES.len()],
    durations: [AtomicU64; SECONDS.len() + 1],
    microseconds: AtomicU64,
}

impl Answers {
    /// Counts an answered request.
    pub fn count(&self, status: u16, took: Duration) {
        let seconds = took.as_secs_f64();
        let duration = SECONDS.iter().position(|end| seconds <= *end).unwrap_or(SECONDS.len());
        let class = self.classes.get(usize::from(status / 100)).unwrap_or(&self.classes[0]);
        add(class, 1);
        if let Some(duration) = self.durations.get(duration) {
            add(duration, 1);
        }
        add(&self.microseconds, u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }
}

fn add(count: &AtomicU64, more: u64) {
    count.fetch_add(more, Ordering::Relaxed);
}

/// What all threads have counted.
#[derive(Clone, Debug, Default)]
pub(super) struct AllAnswers(Arc<Mutex<Vec<Arc<Answers>>>>);

impl AllAnswers {
    /// One more thread's.
    pub(super) fn of_a_thread(&self) -> Arc<Answers> {
        let answers = Arc::<Answers>::default();
        self.0.lock().push(Arc::clone(&answers));
        answers
    }

    fn sum(&self, of: impl Fn(&Answers) -> Option<&AtomicU64>) -> u64 {
        let threads = self.0.lock();
        threads.iter().filter_map(|it| of(it)).map(|count| count.load(Ordering::Relaxed)).sum()
    }
}

impl Collector for AllAnswers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let about = "Answered requests by class of status";
        let mut requests =
            encoder.encode_descriptor("requests", about, None, MetricType::Counter)?;
        for (at, class) in CLASSES.iter().enumerate() {
            let count = self.sum(|it| it.classes.get(at));
            let labels = [("class", *class)];
            requests.encode_family(&labels)?.encode_counter::<NoLabelSet, _, u64>(&count, None)?;
        }
        let about = "Time to answer a request";
        let mut durations =
            encoder.encode_descriptor("request_seconds", about, None, MetricType::Histogram)?;
        let ends = SECONDS.into_iter().chain([f64::INFINITY]).enumerate();
        let counts: Vec<_> =
            ends.map(|(at, end)| (end, self.sum(|it| it.durations.get(at)))).collect();
        let all = counts.iter().map(|(_, count)| count).sum();
        let seconds = Duration::from_micros(self.sum(|it| Some(&it.microseconds))).as_secs_f64();
        durations.encode_histogram::<NoLabelSet>(seconds, all, &counts, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::{Metrics, Snapshot};

    #[test]
    fn what_threads_count_by_themselves_is_told_together() {
        let metrics = Metrics::default();
        let (one, other) = (metrics.answers(), metrics.answers());
        one.count(200, Duration::from_millis(1));
        other.count(204, Duration::from_millis(250));
        other.count(0, Duration::from_secs(90));
        let text = metrics.text(&Snapshot::default());
        for line in [
            "jsm_gate_requests_total{class=\"2xx\"} 2",
            "jsm_gate_requests_total{class=\"none\"} 1",
            "jsm_gate_requests_total{class=\"5xx\"} 0",
            "jsm_gate_request_seconds_sum 90.251",
            "jsm_gate_request_seconds_count 3",
            "jsm_gate_request_seconds_bucket{le=\"0.001\"} 1",
            "jsm_gate_request_seconds_bucket{le=\"0.1\"} 1",
            "jsm_gate_request_seconds_bucket{le=\"0.5\"} 2",
            "jsm_gate_request_seconds_bucket{le=\"60.0\"} 2",
            "jsm_gate_request_seconds_bucket{le=\"+Inf\"} 3",
        ] {
            assert!(text.lines().any(|told| told == line), "{line} is not in:\n{text}");
        }
    }
}
