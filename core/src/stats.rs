//! What a client counts, each number said once: the snapshot, its JSON and the text that Prometheus reads.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Map, Value};

/// What a number of [`Stats`] does over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatKind {
    /// It only grows, from the client's making on.
    Counter,
    /// It is what it is at the moment.
    Gauge,
}

/// One number of [`Stats`], for those who write the types of other languages.
#[derive(Debug, Clone, Copy)]
pub struct StatSpec {
    /// Its name in snake case.
    pub name: &'static str,
    /// What it does over time.
    pub kind: StatKind,
    /// What it counts.
    pub doc: &'static str,
}

macro_rules! stats {
    (
        counters { $($(#[doc = $counter_doc:literal])+ $counter:ident,)+ }
        gauges { $($(#[doc = $gauge_doc:literal])+ $gauge:ident,)+ }
    ) => {
        /// What a client has counted since it was made, and what it holds at the moment.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct Stats {
            $($(#[doc = $counter_doc])+ pub $counter: u64,)+
            $($(#[doc = $gauge_doc])+ pub $gauge: u64,)+
        }

        /// Every number, in the order in which JSON and Prometheus show them.
        pub const STATS: &[StatSpec] = &[
            $(StatSpec {
                name: stringify!($counter),
                kind: StatKind::Counter,
                doc: concat!($($counter_doc, "\n"),+).trim_ascii(),
            },)+
            $(StatSpec {
                name: stringify!($gauge),
                kind: StatKind::Gauge,
                doc: concat!($($gauge_doc, "\n"),+).trim_ascii(),
            },)+
        ];

        /// The counters as they are counted: without a lock, from any thread.
        #[derive(Default)]
        pub(crate) struct Counters {
            $(pub(crate) $counter: Counter,)+
        }

        impl Counters {
            /// The counters of a snapshot, with the gauges still at zero.
            pub(crate) fn read(&self) -> Stats {
                Stats { $($counter: self.$counter.read(),)+ ..Stats::default() }
            }
        }

        impl Stats {
            fn values(&self) -> impl Iterator<Item = u64> {
                [$(self.$counter,)+ $(self.$gauge,)+].into_iter()
            }
        }
    };
}

stats! {
    counters {
        /// Times that a connection was opened.
        opened,
        /// Tries to open a connection that failed.
        open_failures,
        /// Connections that were lost.
        lost,
        /// Connections that DingTalk asked to replace.
        rotated,
        /// Connections that were lost within ten seconds and brought nothing.
        short_lived,
        /// Signs of life that the server was asked for.
        pings,
        /// Frames that came, of every type.
        frames,
        /// Frames that could not be read.
        skipped,
        /// Messages that came.
        messages,
        /// Card actions that came.
        cards,
        /// Events that came.
        events,
        /// AI plugin requests and deliveries of other topics that came.
        others,
        /// Deliveries that came again while the first was handled, or after it was settled ok.
        duplicates,
        /// Deliveries that were refused because there was no room, or because the client was stopping.
        refused,
        /// Deliveries that nobody handles.
        unhandled,
        /// Deliveries that were settled ok.
        ok,
        /// Deliveries that were settled later.
        later,
        /// Deliveries that were settled fail.
        failed,
        /// Deliveries that were dropped unsettled, or not settled within the time that handlers have.
        declined,
        /// Deliveries that were answered by the library because the platform's patience was nearly over.
        overdue,
        /// Answers that went out.
        answers,
        /// Milliseconds from receipt to answer, all answers together.
        answer_ms,
        /// Answers whose connection was gone.
        lost_answers,
        /// Calls towards DingTalk that were begun.
        calls,
        /// Calls that failed.
        failed_calls,
        /// Calls that DingTalk refused because there were too many.
        throttled,
    }
    gauges {
        /// Connections that are open.
        connections,
        /// Deliveries that wait for their turn.
        waiting,
        /// Deliveries that are with the application, or in its queue, unsettled.
        in_flight,
        /// Bytes of the deliveries that wait or are unsettled.
        inbox_bytes,
        /// Deliveries, finished calls and log records in the queue.
        queued,
        /// Settled deliveries that are remembered.
        remembered,
        /// Bytes that this memory takes.
        remembered_bytes,
        /// Calls that are under way.
        calls_in_flight,
        /// Milliseconds since the last frame; 0 before the first.
        last_frame_age_ms,
        /// The longest time from receipt to answer so far, in milliseconds.
        answer_ms_max,
    }
}

/// One counter.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn one(&self) {
        self.add(1);
    }

    pub(crate) fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The highest value so far.
#[derive(Default)]
pub(crate) struct Highest(AtomicU64);

impl Highest {
    pub(crate) fn saw(&self, value: u64) {
        self.0.fetch_max(value, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Stats {
    /// The numbers by their names.
    pub fn to_json(&self) -> Value {
        let named = STATS.iter().zip(self.values()).map(|(stat, value)| (stat.name.to_owned(), value.into()));
        Value::Object(named.collect::<Map<_, _>>())
    }

    /// The numbers as Prometheus reads them, with the client's id as their label.
    pub(crate) fn to_prometheus(self, client_id: &str) -> String {
        let label = client_id.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let mut out = String::new();
        for (stat, value) in STATS.iter().zip(self.values()) {
            let (kind, suffix) = match stat.kind {
                StatKind::Counter => ("counter", "_total"),
                StatKind::Gauge => ("gauge", ""),
            };
            let name = format!("dingstream_{}{suffix}", stat.name);
            let help = stat.doc.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            let _ =
                writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name}{{client_id=\"{label}\"}} {value}");
        }
        out
    }
}

/// Whole milliseconds, rounded down.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_shown_by_its_name() {
        let counters = Counters::default();
        counters.refused.add(3);
        let stats = Stats { waiting: 2, ..counters.read() };
        let json = stats.to_json();
        assert_eq!((json["refused"].as_u64(), json["waiting"].as_u64()), (Some(3), Some(2)));
        assert_eq!(json.as_object().map(Map::len), Some(STATS.len()));
    }

    #[test]
    fn prometheus_reads_a_help_a_type_and_a_value() {
        let stats = Stats { refused: 3, waiting: 2, ..Stats::default() };
        let text = stats.to_prometheus("a\"b");
        assert!(
            text.contains(
                "# TYPE dingstream_refused_total counter\ndingstream_refused_total{client_id=\"a\\\"b\"} 3\n"
            )
        );
        assert!(text.contains("# TYPE dingstream_waiting gauge\ndingstream_waiting{client_id=\"a\\\"b\"} 2\n"));
        assert!(text.lines().all(|line| line.starts_with("# ") || line.starts_with("dingstream_")));
    }
}
