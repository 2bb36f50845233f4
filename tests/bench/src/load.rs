//! The pushing side of one connection: keeps a window of deliveries unanswered, and times each answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::Result;
use crate::answers::{Answers, Sent};
use crate::endpoint::Upgraded;
use crate::frames::Frames;

/// An answer that takes longer counts as missing.
const PATIENCE: Duration = Duration::from_secs(10);
/// How far the oldest unanswered delivery may lie behind the newest.
const SPAN: usize = 1 << 20;

pub(crate) struct Load {
    stream: TcpStream,
    answers: Answers,
    frames: Frames,
    window: u64,
    begun: Instant,
    /// When each delivery was sent, by its number modulo [`SPAN`]; zero once it is answered.
    sent_at: Vec<u64>,
    sent: u64,
    out: Vec<u8>,
    buffer: Vec<u8>,
    pub(crate) count: Count,
    /// When the first answer came.
    pub(crate) first: Option<Duration>,
    /// In nanoseconds.
    pub(crate) latencies: Vec<u32>,
}

/// The answers so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    /// Those with code 200.
    pub(crate) ok: u64,
    pub(crate) other: u64,
}

impl Count {
    pub(crate) fn all(self) -> u64 {
        self.ok + self.other
    }
}

impl Load {
    /// Times count from `begun`.
    pub(crate) fn new(upgraded: Upgraded, window: u64, begun: Instant) -> Result<Self> {
        upgraded.stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: upgraded.stream,
            answers: Answers::new(upgraded.read),
            frames: Frames::new(),
            window,
            begun,
            sent_at: vec![0; SPAN],
            sent: 0,
            out: Vec::new(),
            buffer: vec![0; 256 * 1024],
            count: Count::default(),
            first: None,
            latencies: Vec::new(),
        })
    }

    /// Fills the window with deliveries, the last of which is number `last - 1`, and takes what answers there are.
    /// False once everything is sent and answered.
    pub(crate) fn turn(&mut self, last: u64) -> Result<bool> {
        let room = self.window - (self.sent - self.count.all());
        let now = self.now();
        for number in self.sent..last.min(self.sent + room).max(self.sent) {
            let slot = &mut self.sent_at[number as usize % SPAN];
            if *slot != 0 {
                return Err(format!("delivery {} was never answered", number - SPAN as u64).into());
            }
            *slot = now;
            self.frames.write(number, &mut self.out);
            self.sent += 1;
        }
        self.flush()?;
        if self.sent == self.count.all() {
            return Ok(false);
        }
        if !self.receive()? {
            return Err(format!("the client left after {} answers", self.count.all()).into());
        }
        Ok(true)
    }

    /// How many were sent.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    /// Says goodbye to a client that was asked to end.
    pub(crate) fn close(mut self) {
        // Whatever it is that goes wrong now, the client is gone; whether it ended well, its process says.
        while let Ok(true) = self.receive() {
            if self.flush().is_err() {
                return;
            }
        }
        let _ = self.flush();
    }

    /// Reads once; false when the client has closed.
    fn receive(&mut self) -> Result<bool> {
        let count = self.stream.read(&mut self.buffer).map_err(|error| {
            let missing = self.sent - self.count.all();
            format!("{missing} deliveries are unanswered for too long or the connection broke: {error}")
        })?;
        let now = self.now();
        self.answers.push(&self.buffer[..count]);
        while let Some(sent) = self.answers.next()? {
            match sent {
                Sent::Answer { number, code } => self.answered(number, code, now)?,
                Sent::Control { .. } => return Err("the client answered a control frame that was never sent".into()),
                Sent::Ping(bytes) => {
                    self.out.extend_from_slice(&[0x8a, bytes.len() as u8]);
                    self.out.extend_from_slice(&bytes);
                }
                Sent::Close => {
                    self.out.extend_from_slice(&[0x88, 2, 0x03, 0xe8]);
                    return Ok(false);
                }
            }
        }
        Ok(count > 0)
    }

    fn answered(&mut self, number: u64, code: u16, now: u64) -> Result<()> {
        let slot = &mut self.sent_at[number as usize % SPAN];
        if number >= self.sent || *slot == 0 {
            return Err(format!("delivery {number} was answered twice, or was never sent").into());
        }
        let latency = now.saturating_sub(*slot);
        *slot = 0;
        self.first.get_or_insert(Duration::from_nanos(now));
        self.latencies.push(u32::try_from(latency).unwrap_or(u32::MAX));
        if code == 200 {
            self.count.ok += 1;
        } else {
            self.count.other += 1;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.stream.write_all(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Nanoseconds since the begin, never zero.
    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_nanos()).unwrap_or(u64::MAX).max(1)
    }
}
