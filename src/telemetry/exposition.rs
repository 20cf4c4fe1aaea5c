//! The text that Prometheus and its tools read (exposition format 0.0.4), made from the registry's
//! `OpenMetrics` text. That names a counter without `_total` and ends with `# EOF`; the older
//! format, which `promtool` and most readers expect, has neither. It must not know which metrics
//! there are.

/// The same metrics in the older format.
pub(super) fn prometheus(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    let mut help = "";
    for line in open_metrics.lines() {
        let mut words = line.splitn(4, ' ');
        let parts = [words.next(), words.next(), words.next(), words.next()];
        match parts.map(Option::unwrap_or_default) {
            ["#", "HELP", _, about] => help = about,
            ["#", "TYPE", name, kind] => {
                let total = if kind == "counter" { "_total" } else { "" };
                text.extend(["# HELP ", name, total, " ", help, "\n"]);
                text.extend(["# TYPE ", name, total, " ", kind, "\n"]);
            }
            ["#", ..] => {}
            _ => {
                text.extend([line, "\n"]);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_named_as_their_samples_and_nothing_else_changes() {
        let open_metrics = "# HELP logins Finished logins.\n# TYPE logins counter\n\
                            # UNIT logins seconds\nlogins_total{code=\"ok\"} 1\n\
                            # HELP open Open now.\n# TYPE open gauge\nopen 2\n# EOF\n";
        let expected = "# HELP logins_total Finished logins.\n# TYPE logins_total counter\n\
                        logins_total{code=\"ok\"} 1\n\
                        # HELP open Open now.\n# TYPE open gauge\nopen 2\n";
        assert_eq!(prometheus(open_metrics), expected);
    }
}
