//! One card: what it holds, and how what it holds changes.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::body::{Options, Params};
use super::sight::View;
use super::space::{Space, SpaceType};
use super::template::{STANDARD, Template};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum State {
    Created,
    Delivered,
    Processing,
    Inputing,
    Executing,
    Finished,
    Failed,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Delivered => "delivered",
            Self::Processing => "processing",
            Self::Inputing => "inputing",
            Self::Executing => "executing",
            Self::Finished => "finished",
            Self::Failed => "failed",
        }
    }

    /// As the variable `flowStatus` says it.
    const FLOW: [(Self, &str); 5] = [
        (Self::Processing, "1"),
        (Self::Inputing, "2"),
        (Self::Finished, "3"),
        (Self::Executing, "4"),
        (Self::Failed, "5"),
    ];

    pub(super) fn is_end(self) -> bool {
        matches!(self, Self::Finished | Self::Failed)
    }
}

#[derive(Debug)]
pub(super) struct Card {
    pub(super) client_id: String,
    /// Its outTrackId, or an ordinary card's cardBizId.
    pub(super) id: String,
    /// As it was when the card was made: a newer one changes nothing.
    pub(super) template: Template,
    pub(super) callback_type: Option<String>,
    pub(super) user_id_type: u64,
    /// The kinds of spaces that it may be delivered to.
    pub(super) models: BTreeSet<SpaceType>,
    pub(super) state: State,
    pub(super) params: Params,
    pub(super) private: BTreeMap<String, Params>,
    /// What users have in place of `params` since an answer to their click.
    pub(super) copies: BTreeMap<String, Params>,
    pub(super) spaces: Vec<Space>,
    pub(super) views: Vec<View>,
    /// Of the streaming calls that were carried out.
    pub(super) guids: HashSet<String>,
    /// People still see it, but no call finds it any more.
    pub(super) forgotten: bool,
}

impl Card {
    pub(super) fn new(client_id: &str, id: &str, template: Template) -> Self {
        Self {
            client_id: client_id.to_owned(),
            id: id.to_owned(),
            template,
            callback_type: None,
            user_id_type: 1,
            models: BTreeSet::new(),
            state: State::Created,
            params: Params::new(),
            private: BTreeMap::new(),
            copies: BTreeMap::new(),
            spaces: Vec::new(),
            views: Vec::new(),
            guids: HashSet::new(),
            forgotten: false,
        }
    }

    pub(super) fn is_ordinary(&self) -> bool {
        self.template.id == STANDARD
    }

    /// It is in a first space: an AI card begins its flow by itself.
    pub(super) fn delivered(&mut self) {
        if self.state == State::Created {
            self.state = if self.template.is_ai() { State::Processing } else { State::Delivered };
            self.follow_flow(&self.params.clone());
        }
    }

    /// Everybody's variables. What is newer than a user's own copy is newer for that user too.
    pub(super) fn fill(&mut self, given: &Params, options: Options) {
        if options.shared_by_key {
            self.copies.values_mut().for_each(|copy| copy.extend(given.clone()));
        } else {
            self.copies.clear();
        }
        take(&mut self.params, given, options.shared_by_key);
        if self.state != State::Created {
            self.follow_flow(given);
        }
    }

    pub(super) fn fill_for(&mut self, user: &str, given: &Params, options: Options) {
        take(self.private.entry(user.to_owned()).or_default(), given, options.private_by_key);
    }

    /// What the answer to a click brings reaches only the user who clicked.
    pub(super) fn fill_copy(&mut self, user: &str, given: &Params, options: Options) {
        let copy = self.copies.entry(user.to_owned()).or_insert_with(|| self.params.clone());
        take(copy, given, options.shared_by_key);
    }

    /// The state, and the variable that says it where the card has it.
    pub(super) fn enter(&mut self, state: State) {
        self.state = state;
        let number = State::FLOW.iter().find(|(known, _)| *known == state).map(|(_, number)| *number);
        if let (Some(number), Some(flow)) = (number, self.params.get_mut("flowStatus")) {
            number.clone_into(flow);
        }
    }

    fn follow_flow(&mut self, given: &Params) {
        let told = given.get("flowStatus");
        if let Some((state, _)) = State::FLOW.iter().find(|(_, number)| told.is_some_and(|told| told == number)) {
            self.state = *state;
        }
    }
}

fn take(target: &mut Params, given: &Params, by_key: bool) {
    if !by_key {
        target.clear();
    }
    target.extend(given.clone());
}
