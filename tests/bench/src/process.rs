//! The client as a process, with all that it started: its output, its CPU time and its memory.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;

/// The kernel's `USER_HZ`, which is 100 on every architecture that we run on.
const TICK: Duration = Duration::from_millis(10);

/// A client in a process group of its own.
pub(crate) struct Client {
    child: Child,
    output: Option<JoinHandle<Option<u64>>>,
}

/// What the process group has used so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    pub(crate) cpu: Duration,
    /// By us.
    pub(crate) endpoint: Duration,
    /// By everything on this machine but the client and us.
    pub(crate) others: Duration,
    pub(crate) memory_kib: u64,
    pub(crate) peak_kib: u64,
    pub(crate) threads: u64,
    /// How often its threads went to sleep, and so were woken.
    pub(crate) sleeps: u64,
}

impl Client {
    pub(crate) fn start(command: &[String], url: &str) -> Result<Self> {
        let mut words = command.iter().map(|word| word.replace("{url}", url));
        let program = words.next().unwrap_or_default();
        let mut child = Command::new(&program)
            .args(words)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program} can't be started: {error}"))?;
        let output = child.stdout.take().map(|stdout| {
            thread::spawn(move || {
                let lines = BufReader::new(stdout).lines().map_while(std::result::Result::ok);
                lines.filter_map(|line| handled(&line)).last()
            })
        });
        Ok(Self { child, output })
    }

    /// How it ended, if it does so in time.
    pub(crate) fn ended(&mut self, patience: Duration) -> Result<Option<ExitStatus>> {
        let deadline = Instant::now() + patience;
        loop {
            let status = self.child.try_wait()?;
            if status.is_some() || Instant::now() >= deadline {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it and its children have used.
    pub(crate) fn usage(&self) -> Result<Usage> {
        let mut sum = Usage::default();
        let own = fs::read_to_string("/proc/self/stat")?;
        for entry in fs::read_dir("/proc")?.flatten() {
            let path = entry.path();
            // A process may end while we look.
            let Ok(stat) = fs::read_to_string(path.join("stat")) else { continue };
            let Some((group, cpu)) = read_stat(&stat) else { continue };
            if group != self.child.id() {
                continue;
            }
            let status = fs::read_to_string(path.join("status")).unwrap_or_default();
            sum.cpu += cpu;
            sum.memory_kib += read_status(&status, "VmRSS:");
            sum.peak_kib += read_status(&status, "VmHWM:");
            sum.threads += read_status(&status, "Threads:");
            sum.sleeps += sleeps(&path.join("task"));
        }
        sum.endpoint = read_stat(&own).map_or(Duration::ZERO, |(_, cpu)| cpu);
        sum.others = busy(&fs::read_to_string("/proc/stat")?).saturating_sub(sum.cpu + sum.endpoint);
        Ok(sum)
    }

    /// Asks the whole group to end, as an operator would.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Waits for the end; how many deliveries the client says it handled.
    pub(crate) fn wait(mut self, patience: Duration) -> Result<Option<u64>> {
        if self.ended(patience)?.is_none() {
            return Err("the client did not end after SIGTERM".into());
        }
        let output = self.output.take().map(JoinHandle::join);
        Ok(output.and_then(std::result::Result::ok).flatten())
    }

    fn signal(&self, name: &str) {
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-s", name, "--", &group]).status();
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("KILL");
            let _ = self.child.wait();
        }
    }
}

/// The number in a line `{"handled":N}`.
fn handled(line: &str) -> Option<u64> {
    let value: Value = serde_json::from_str(line).ok()?;
    value.get("handled")?.as_u64()
}

/// The process group and the CPU time in `/proc/<pid>/stat`.
fn read_stat(stat: &str) -> Option<(u32, Duration)> {
    // The name in parentheses may hold anything, spaces and parentheses too.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let ticks = |index: usize| fields.get(index)?.parse::<u32>().ok();
    Some((fields.get(2)?.parse().ok()?, TICK * (ticks(11)? + ticks(12)?)))
}

/// The voluntary context switches of all threads of a process; a thread that has ended takes its own along.
fn sleeps(threads: &Path) -> u64 {
    let statuses = fs::read_dir(threads).into_iter().flatten().flatten();
    statuses
        .filter_map(|thread| fs::read_to_string(thread.path().join("status")).ok())
        .map(|status| read_status(&status, "voluntary_ctxt_switches:"))
        .sum()
}

/// What all processors of the machine have worked so far, from the first line of `/proc/stat`; also for other guests of
/// the host, where that is told.
fn busy(stat: &str) -> Duration {
    let mut ticks =
        stat.lines().next().unwrap_or_default().split_ascii_whitespace().skip(1).map_while(|n| n.parse().ok());
    let [user, nice, system, _idle, _iowait, irq, softirq, steal]: [u32; 8] =
        std::array::from_fn(|_| ticks.next().unwrap_or_default());
    TICK * (user + nice + system + irq + softirq + steal)
}

fn read_status(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_ascii_whitespace().next()?.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_does_not_shift_the_fields() {
        let stat = "7 (a b) c) S 1 42 42 0 -1 4194304 1 0 0 0 300 150 0 0 20 0 1 0 1 1 1";
        assert_eq!(read_stat(stat), Some((42, Duration::from_millis(4500))));
    }

    #[test]
    fn a_machine_is_busy_while_it_neither_idles_nor_waits() {
        assert_eq!(busy("cpu  1 2 3 1000 1000 4 5 6 0 0\ncpu0 9 9 9\n"), Duration::from_millis(210));
    }

    #[test]
    fn memory_is_read_in_kib() {
        assert_eq!(read_status("VmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n", "VmRSS:"), 1024);
        assert_eq!(read_status("", "VmRSS:"), 0);
    }

    #[test]
    fn only_sleeps_of_its_own_will_are_counted() {
        assert_eq!(
            read_status("nonvoluntary_ctxt_switches:\t9\nvoluntary_ctxt_switches:\t7\n", "voluntary_ctxt_switches:"),
            7
        );
    }

    #[test]
    fn the_last_line_tells_how_many_were_handled() {
        let command =
            ["sh", "-c", r#"echo '{"state":"open"}'; echo '{"handled":1}'; echo '{"handled":'$0'}'"#, "{url}"];
        let client = Client::start(&command.map(str::to_owned), "23").expect("starts");
        assert_eq!(client.wait(Duration::from_secs(10)).expect("ends"), Some(23));
    }
}
