//! What `measure` is asked to do.

use std::str::FromStr;
use std::time::Duration;

use crate::{Result, USAGE};

#[derive(Debug)]
pub(crate) struct Options {
    /// How many deliveries may be unanswered.
    pub(crate) window: u64,
    /// Before the measured part, so that just-in-time compilers have done their work.
    pub(crate) warm_up: Duration,
    pub(crate) length: Length,
    /// The memory is also read after this many deliveries.
    pub(crate) early: Option<u64>,
    pub(crate) command: Vec<String>,
}

/// How long the measured part is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Length {
    Time(Duration),
    /// Of deliveries in all, warm-up included.
    Messages(u64),
}

/// What `pressure` is asked to do.
#[derive(Debug, Clone)]
pub(crate) struct Pressure {
    pub(crate) messages: u64,
    /// Written so fast; otherwise as fast as the socket takes them.
    pub(crate) a_second: Option<u64>,
    /// For so long the server hardly reads.
    pub(crate) slow_read: Duration,
    pub(crate) command: Vec<String>,
}

pub(crate) fn pressure(words: &[&str]) -> Result<Pressure> {
    let mut options = Pressure { messages: 100_000, a_second: None, slow_read: Duration::ZERO, command: Vec::new() };
    options.command = each(words, |word, value| {
        match word {
            "--messages" => options.messages = number(word, value)?,
            "--a-second" => options.a_second = Some(number(word, value)?),
            "--slow-read" => options.slow_read = seconds(word, value)?,
            _ => return Err(format!("there is no option {word}\n{USAGE}").into()),
        }
        Ok(())
    })?;
    Ok(options)
}

pub(crate) fn parse(words: &[&str]) -> Result<Options> {
    let mut options = Options {
        window: 64,
        warm_up: Duration::from_secs(1),
        length: Length::Time(Duration::from_secs(5)),
        early: None,
        command: Vec::new(),
    };
    options.command = each(words, |word, value| {
        match word {
            "--window" => options.window = number::<u64>(word, value)?.max(1),
            "--warm-up" => options.warm_up = seconds(word, value)?,
            "--seconds" => options.length = Length::Time(seconds(word, value)?),
            "--messages" => options.length = Length::Messages(number(word, value)?),
            "--early" => options.early = Some(number(word, value)?),
            _ => return Err(format!("there is no option {word}\n{USAGE}").into()),
        }
        Ok(())
    })?;
    Ok(options)
}

/// Calls `take` with each option and its value; what stands behind the dashes is the command.
fn each(words: &[&str], mut take: impl FnMut(&str, &str) -> Result<()>) -> Result<Vec<String>> {
    let mut words = words.iter();
    while let Some(&word) = words.next() {
        if word == "--" {
            break;
        }
        take(word, words.next().ok_or_else(|| format!("{word} needs a value\n{USAGE}"))?)?;
    }
    if words.as_slice().is_empty() {
        return Err(format!("no command to measure was given\n{USAGE}").into());
    }
    Ok(owned(words.as_slice()))
}

/// How many clients, and how long they are watched.
pub(crate) fn idle(clients: &str, length: &str) -> Result<(usize, Duration)> {
    Ok((number::<usize>("CLIENTS", clients)?.max(1), seconds("SECONDS", length)?))
}

pub(crate) fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn number<T: FromStr>(option: &str, value: &str) -> Result<T> {
    value.parse().map_err(|_| format!("{option} needs a number, not {value}").into())
}

fn seconds(option: &str, value: &str) -> Result<Duration> {
    Duration::try_from_secs_f64(number(option, value)?).map_err(|error| format!("{option}: {error}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_the_dashes_is_the_command() {
        let options = parse(&["--window", "1", "--messages", "10", "--", "bot", "--window", "{url}"]).expect("valid");
        assert_eq!((options.window, options.length), (1, Length::Messages(10)));
        assert_eq!(options.command, ["bot", "--window", "{url}"]);
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [&["--window"][..], &["--window", "x", "--", "a"], &["--other", "1"], &[]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
