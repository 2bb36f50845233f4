//! More than a client can take: a burst, handlers that can't keep up, a server that hardly reads. Whatever happens, every
//! delivery is answered once, and a control frame at once.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::answers::{Answers, Sent};
use crate::endpoint;
use crate::frames::{self, Frames};
use crate::measure::{Percentiles, connected};
use crate::options::Pressure;
use crate::process::Client;

/// An answer that takes longer counts as missing, as does an end.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a control frame is due.
const CONTROLS: Duration = Duration::from_millis(20);
/// How many deliveries go out in one write, so that a control frame is never far behind its time because of us.
const WRITE: u64 = 16;
/// A server that hardly reads takes so much, so often.
const SIP: (usize, Duration) = (4096, Duration::from_millis(20));

pub(crate) fn measure(options: &Pressure) -> Result<Value> {
    let (address, upgrades) = endpoint::listen()?;
    let mut client = Client::start(&options.command, &format!("http://{address}"))?;
    let upgraded = connected(&mut client, &upgrades)?;
    upgraded.stream.set_read_timeout(Some(PATIENCE))?;
    let before = client.usage()?;

    let begun = Instant::now();
    let (pongs, asked) = channel();
    let writing = {
        let (stream, plan) = (upgraded.stream.try_clone()?, options.clone());
        thread::spawn(move || write(stream, &plan, begun, &asked))
    };
    let mut heard = Heard::new(upgraded.stream, upgraded.read, begun, options.messages);
    while heard.left > 0 {
        heard.receive(begun.elapsed() < options.slow_read, &pongs)?;
    }
    let took = begun.elapsed();
    let after = client.usage()?;
    drop(pongs);
    writing.join().map_err(|_| "the writing thread panicked")??;

    client.terminate();
    heard.close();
    let handled = client.wait(PATIENCE)?;
    let controls = Percentiles::of(&mut heard.controls);
    Ok(json!({
        "answered": heard.ok,
        "refused": options.messages - heard.ok,
        "handled": handled,
        "seconds": took.as_secs_f64(),
        "before_kib": before.memory_kib,
        "peak_kib": after.peak_kib,
        "controls": heard.controls.len(),
        "control_p50_us": controls.p50,
        "control_p99_us": controls.p99,
        "control_most_us": controls.most,
    }))
}

/// Writes deliveries as fast as they are due and the socket takes them, control frames between them, and what the
/// reading side asks for; until that side is gone. A control frame carries the moment at which it was due, so that the
/// time for which the socket took nothing counts too.
fn write(mut stream: TcpStream, plan: &Pressure, begun: Instant, asked: &Receiver<Vec<u8>>) -> std::io::Result<()> {
    let frames = Frames::new();
    let (mut sent, mut control, mut out) = (0, Duration::ZERO, Vec::new());
    loop {
        let now = begun.elapsed();
        if plan.slow_read.is_zero() && now >= control {
            frames::write_control(micros(control), &mut out);
            control += CONTROLS;
        }
        let due = plan.a_second.map_or(plan.messages, |rate| (now.as_secs_f64() * rate as f64) as u64);
        let until = due.min(plan.messages).min(sent + WRITE).max(sent);
        (sent..until).for_each(|number| frames.write(number, &mut out));
        sent = until;
        let pause = if out.is_empty() { Duration::from_millis(1) } else { Duration::ZERO };
        match asked.recv_timeout(pause) {
            Ok(bytes) => out.extend_from_slice(&bytes),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        stream.write_all(&out)?;
        out.clear();
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// The reading side, and what it heard.
struct Heard {
    stream: TcpStream,
    answers: Answers,
    begun: Instant,
    is_answered: Vec<bool>,
    left: u64,
    ok: u64,
    /// How long after they were due the control frames were answered, in nanoseconds.
    controls: Vec<u32>,
    buffer: Vec<u8>,
}

impl Heard {
    fn new(stream: TcpStream, read: Vec<u8>, begun: Instant, messages: u64) -> Self {
        Self {
            stream,
            answers: Answers::new(read),
            begun,
            is_answered: vec![false; messages as usize],
            left: messages,
            ok: 0,
            controls: Vec::new(),
            buffer: vec![0; 256 * 1024],
        }
    }

    fn receive(&mut self, slowly: bool, pongs: &Sender<Vec<u8>>) -> Result<()> {
        let most = if slowly { SIP.0 } else { self.buffer.len() };
        let count = self.stream.read(&mut self.buffer[..most]).map_err(|error| {
            format!("{} deliveries are unanswered for too long or the connection broke: {error}", self.left)
        })?;
        if count == 0 {
            return Err(format!("the client left with {} deliveries unanswered", self.left).into());
        }
        self.answers.push(&self.buffer[..count]);
        while let Some(sent) = self.answers.next()? {
            match sent {
                Sent::Answer { number, code } => self.answered(number, code)?,
                Sent::Control { number } => {
                    let late = self.begun.elapsed().saturating_sub(Duration::from_micros(number));
                    self.controls.push(u32::try_from(late.as_nanos()).unwrap_or(u32::MAX));
                }
                Sent::Ping(bytes) => {
                    let head = [0x8a, bytes.len() as u8];
                    // Where the writing side is gone, so is the client.
                    let _ = pongs.send([&head[..], &bytes].concat());
                }
                Sent::Close => return Err("the client said goodbye without being asked to".into()),
            }
        }
        if slowly {
            thread::sleep(SIP.1);
        }
        Ok(())
    }

    fn answered(&mut self, number: u64, code: u16) -> Result<()> {
        let is_answered = self.is_answered.get_mut(number as usize).filter(|answered| !**answered);
        *is_answered.ok_or_else(|| format!("delivery {number} was answered twice, or was never sent"))? = true;
        self.left -= 1;
        self.ok += u64::from(code == 200);
        Ok(())
    }

    /// Says goodbye to a client that was asked to end; how it ended, its process says.
    fn close(&mut self) {
        while let Ok(count @ 1..) = self.stream.read(&mut self.buffer) {
            self.answers.push(&self.buffer[..count]);
            while let Ok(Some(sent)) = self.answers.next() {
                if sent == Sent::Close {
                    let _ = self.stream.write_all(&[0x88, 2, 0x03, 0xe8]);
                    return;
                }
            }
        }
    }
}
