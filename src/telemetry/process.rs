//! What the process uses of the machine, under the names that every Prometheus client library uses.
//! Read from `/proc/self` (proc(5)) when somebody asks.

use std::fmt;
use std::fs;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

/// `USER_HZ`: times in `/proc` are in hundredths of a second on every platform that this runs on
/// (time(7)).
const TICKS: f64 = 100.0;

/// Tells what the process takes.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        if let Some(seconds) = cpu_seconds() {
            let about = "User and system CPU time spent";
            let kind = MetricType::Counter;
            let mut metric = encoder.encode_descriptor("process_cpu_seconds", about, None, kind)?;
            metric.encode_counter::<NoLabelSet, _, u64>(&seconds, None)?;
        }
        let bytes = "Bytes of memory in RAM";
        gauge(&mut encoder, "process_resident_memory_bytes", bytes, resident_bytes())?;
        gauge(&mut encoder, "process_open_fds", "Open file descriptors", open_files())?;
        let most = "The most file descriptors that may be open";
        gauge(&mut encoder, "process_max_fds", most, most_open_files())?;
        gauge(&mut encoder, "process_threads", "Threads", threads())
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    about: &str,
    value: Option<u64>,
) -> fmt::Result {
    let Some(value) = value.and_then(|value| i64::try_from(value).ok()) else { return Ok(()) };
    encoder.encode_descriptor(name, about, None, MetricType::Gauge)?.encode_gauge(&value)
}

/// The soft limit of open files; `None` where there is no limit, or none can be read.
pub(crate) fn most_open_files() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may have blanks and brackets in it; after its last bracket there are
    // none.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok().map(f64::from);
    Some((ticks()? + ticks()?) / TICKS)
}

fn resident_bytes() -> Option<u64> {
    Some(status("VmRSS:")? * 1024)
}

fn threads() -> Option<u64> {
    status("Threads:")
}

fn status(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn open_files() -> Option<u64> {
    // One of them is this reading of the folder itself.
    let open = fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1);
    u64::try_from(open).ok()
}
