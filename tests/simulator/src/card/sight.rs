//! A card as people see it: each for themselves, moment by moment.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::body::Params;
use super::instance::{Card, State};
use super::space::{Space, SpaceType};
use super::template::SYSTEM_VARIABLES;

#[derive(Debug, Clone, PartialEq)]
struct Sight {
    state: State,
    blank: bool,
    params: Params,
}

/// From this moment on that is what was seen.
#[derive(Debug)]
pub(super) struct View {
    at: u64,
    op: &'static str,
    /// None for everybody who sees nothing of their own.
    user: Option<String>,
    sight: Sight,
}

impl Card {
    /// Keeps what is seen now, by those for whom it is not what they saw before.
    pub(super) fn look(&mut self, at: u64, op: &'static str) {
        if !self.spaces.iter().any(|space| space.is_open(at)) {
            return;
        }
        // Whoever saw something of their own once has views of their own from then on.
        let before = self.views.iter().filter_map(|view| view.user.as_ref());
        let users: BTreeSet<_> = self.private.keys().chain(self.copies.keys()).chain(before).collect();
        let users: Vec<_> = users.into_iter().cloned().map(Some).collect();
        for user in std::iter::once(None).chain(users) {
            let sight = self.sight(user.as_deref());
            let last_of = |user: &Option<String>| self.views.iter().rev().find(|view| view.user == *user);
            let last = last_of(&user).or_else(|| last_of(&None));
            if last.is_none_or(|last| last.sight != sight) {
                self.views.push(View { at, op, user, sight });
            }
        }
    }

    fn sight(&self, user: Option<&str>) -> Sight {
        let copy = user.and_then(|user| self.copies.get(user));
        let mut params = copy.unwrap_or(&self.params).clone();
        let own = user.filter(|_| self.template.private_data).and_then(|user| self.private.get(user));
        params.extend(own.cloned().unwrap_or_default());
        params.retain(|name, _| self.template.shows(name));
        Sight { state: self.state, blank: self.is_blank(&params), params }
    }

    /// Nothing is there to be read.
    fn is_blank(&self, params: &Params) -> bool {
        if self.is_ordinary() {
            let data = params.get("cardData").and_then(|text| serde_json::from_str::<Value>(text).ok());
            return data.is_none_or(|data| data["contents"].as_array().is_none_or(Vec::is_empty));
        }
        let mut texts = params.iter().filter(|(name, _)| !SYSTEM_VARIABLES.contains(&name.as_str()));
        texts.all(|(_, text)| text.trim().is_empty())
    }

    /// As `GET /_sim/cards` tells it.
    pub(super) fn tell(&self, now: u64) -> Value {
        let id = if self.is_ordinary() { "cardBizId" } else { "outTrackId" };
        json!({
            id: self.id,
            "clientId": self.client_id,
            "template": self.template.id,
            "callbackType": self.callback_type,
            "state": self.state.name(),
            "forgotten": self.forgotten,
            "params": self.params,
            "users": self.private,
            "spaces": self.spaces.iter().map(|space| self.tell_space(space, now)).collect::<Vec<_>>(),
            "views": self.views.iter().map(View::tell).collect::<Vec<_>>(),
        })
    }

    fn tell_space(&self, space: &Space, now: u64) -> Value {
        let alone = (space.place.space_type == SpaceType::ImRobot).then_some(space.place.id.as_str());
        let sight = Some(self.sight(alone)).filter(|_| space.is_open(now));
        json!({
            "spaceType": space.place.space_type.name(),
            "spaceId": space.place.id,
            "at": space.at,
            "carrierId": space.carrier_id,
            "recipients": space.recipients,
            "until": space.until,
            "recalled": space.recalled,
            "closed": space.is_closed(now),
            "blank": sight.as_ref().is_none_or(|sight| sight.blank),
            "params": sight.map(|sight| sight.params).unwrap_or_default(),
        })
    }
}

impl View {
    fn tell(&self) -> Value {
        let Sight { state, blank, params } = &self.sight;
        let (at, op, user, state) = (self.at, self.op, &self.user, state.name());
        json!({"at": at, "op": op, "user": user, "state": state, "blank": blank, "params": params})
    }
}
