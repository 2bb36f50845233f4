//! The messages that wait for their turn, in the order in which they were sent. Sans-IO.

use std::collections::VecDeque;

use serde_json::Value;
use tokio::sync::oneshot;

use super::digest::Digest;
use crate::error::Result;
use crate::message::Message;

/// Tells a call how it ended.
pub(super) type Tell = oneshot::Sender<Result<Value>>;

/// What goes out together.
pub(super) enum Item {
    /// One message, in as many parts as it needs.
    One(Vec<Message>, Tell),
    /// Many as one.
    Many(Box<Collected>),
}

/// A digest and whom to tell of its end.
pub(super) struct Collected {
    digest: Digest,
    /// Goes out as it is where nothing joined it.
    first: Message,
    tells: Vec<Tell>,
}

/// Who waits. A digest takes whoever comes behind it, so that it is one; nothing overtakes it.
#[derive(Default)]
pub(super) struct Line {
    items: VecDeque<Item>,
}

/// How many messages wait one by one, so that nothing grows without end: beyond it a digest is begun early, and what no
/// digest takes is refused.
pub(super) const ALONE: usize = 1000;

impl Line {
    /// Puts a message at the end; `merges` where it may go out with others.
    pub(super) fn enter(&mut self, mut parts: Vec<Message>, tell: Tell, merges: bool) {
        if !merges {
            return self.items.push_back(Item::One(parts, tell));
        }
        let is_full = self.is_full();
        match (self.items.back_mut(), parts.pop()) {
            (Some(Item::Many(last)), Some(message)) => last.add(message, tell),
            (_, Some(message)) if is_full => self.items.push_back(Item::Many(Collected::new(message, tell))),
            (_, message) => self.items.push_back(Item::One(message.into_iter().collect(), tell)),
        }
    }

    /// Who is first, unless it has to be collected with those behind it.
    pub(super) fn first(&mut self) -> Option<Item> {
        match self.items.front() {
            Some(Item::One(..)) => self.items.pop_front(),
            _ => None,
        }
    }

    /// Puts back who found no place: what can be merged begins a digest with everything behind it that can be, too.
    pub(super) fn collect(&mut self, mut parts: Vec<Message>, tell: Tell) {
        let Some(message) = parts.pop() else { return };
        let mut collected = Collected::new(message, tell);
        while let Some(item) = self.items.pop_front() {
            match item {
                Item::One(mut parts, tell) if parts.len() == 1 && Digest::takes(&parts[0]) => {
                    collected.add(parts.remove(0), tell);
                }
                Item::Many(more) => collected.join(*more),
                item => {
                    self.items.push_front(item);
                    break;
                }
            }
        }
        self.items.push_front(Item::Many(collected));
    }

    /// The digest that is first, closed.
    pub(super) fn first_digest(&mut self) -> Option<Collected> {
        match self.items.pop_front() {
            Some(Item::Many(collected)) => Some(*collected),
            Some(item) => {
                self.items.push_front(item);
                None
            }
            None => None,
        }
    }

    /// Whether nobody may wait alone any more.
    pub(super) fn is_full(&self) -> bool {
        self.items.len() >= ALONE
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Collected {
    fn new(message: Message, tell: Tell) -> Box<Self> {
        let mut digest = Digest::default();
        digest.add(&message);
        Box::new(Self { digest, first: message, tells: vec![tell] })
    }

    fn add(&mut self, message: Message, tell: Tell) {
        self.digest.add(&message);
        self.tells.push(tell);
    }

    fn join(&mut self, more: Self) {
        self.digest.join(more.digest);
        self.tells.extend(more.tells);
    }

    /// The message that stands for all, how many they are, and whom to tell.
    pub(super) fn into_parts(self, keyword: &str) -> (Message, usize, Vec<Tell>) {
        match self.digest.count() {
            1 => (self.first, 1, self.tells),
            count => (self.digest.into_message(keyword), count, self.tells),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enter(line: &mut Line, text: &str, merges: bool) -> oneshot::Receiver<Result<Value>> {
        let (tell, told) = oneshot::channel();
        line.enter(vec![Message::text(text)], tell, merges);
        told
    }

    fn begin_digest(line: &mut Line) {
        let Some(Item::One(parts, tell)) = line.first() else { panic!("nobody waits alone") };
        line.collect(parts, tell);
    }

    #[test]
    fn who_was_sent_first_is_first() {
        let mut line = Line::default();
        let _told: Vec<_> = ["a", "b"].map(|text| enter(&mut line, text, true)).into();
        for text in ["a", "b"] {
            let Some(Item::One(parts, _)) = line.first() else { panic!("nobody") };
            assert_eq!(parts[0].to_json()["content"], text);
        }
        assert!(line.is_empty());
    }

    #[test]
    fn a_digest_takes_everybody_behind_it_up_to_what_can_not_be_merged() {
        let mut line = Line::default();
        let _told: Vec<_> = ["a", "b"].map(|text| enter(&mut line, text, true)).into();
        let (tell, _card) = oneshot::channel();
        line.enter(vec![Message::feed_card([])], tell, false);
        let _later = enter(&mut line, "c", true);
        begin_digest(&mut line);
        assert_eq!(line.first_digest().expect("a digest").into_parts("").1, 2);
        for kind in ["feed_card", "text"] {
            let Some(Item::One(parts, _)) = line.first() else { panic!("nobody") };
            assert_eq!(parts[0].type_name(), kind);
        }
    }

    #[test]
    fn who_comes_while_a_digest_waits_joins_it() {
        let mut line = Line::default();
        let _first = enter(&mut line, "a", true);
        begin_digest(&mut line);
        let _later: Vec<_> = (0..5).map(|_| enter(&mut line, "b", true)).collect();
        let (message, count, tells) = line.first_digest().expect("a digest").into_parts("");
        assert_eq!((count, tells.len()), (6, 6));
        assert!(message.to_json()["text"].as_str().is_some_and(|text| text.contains("- b (× 5)")));
    }

    #[test]
    fn a_digest_of_one_is_the_message_itself() {
        let mut line = Line::default();
        let _first = enter(&mut line, "a", true);
        begin_digest(&mut line);
        let (message, count, _) = line.first_digest().expect("a digest").into_parts("alert");
        assert_eq!((message.type_name(), count), ("text", 1));
    }

    #[test]
    fn however_many_come_at_once_few_are_kept_one_by_one() {
        let mut line = Line::default();
        let _told: Vec<_> = (0..10_000).map(|_| enter(&mut line, "disk full", true)).collect();
        assert_eq!(line.items.len(), ALONE + 1);
        begin_digest(&mut line);
        assert_eq!(line.first_digest().expect("a digest").into_parts("").1, 10_000);
        assert!(line.is_empty());
    }
}
