//! What a client does with cards.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::Value;

use super::{Client, Shared};
use crate::call::Call;
use crate::card::{CardOptions, CardSession, Instead, Opening};
use crate::config::Subscription;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::log::Level;
use crate::message::Message;
use crate::openapi::Lane;
use crate::openapi::bot::{self, Target};
use crate::openapi::card::{self, Card, CardChange, Space, standard};

impl Client {
    /// Creates a card and delivers it to its spaces. Done with `{"outTrackId","deliverResults":[…]}`, a result for each space
    /// with `spaceType`, `spaceId`, `success`, `carrierId` (a `processQueryKey` to recall it by) and `errorMsg`; the call
    /// fails only where no space got it. Its clicks come over Stream unless it has a callback route.
    pub fn card_send(&self, card: Card) -> Call {
        let robot = self.0.shared.config.robot_code.clone();
        self.call("card_send", async move |app| card::send(&app, &robot, &card, Lane::Ordinary).await)
    }

    /// Creates a card that appears nowhere yet, owning its spaces. Done with `{"outTrackId"}`.
    pub fn card_create(&self, card: Card) -> Call {
        self.call("card_create", async move |app| card::create(&app, &card).await)
    }

    /// Delivers a card that exists, by its `track_id`, to spaces that it owns. Done as for [`card_send`](Self::card_send).
    pub fn card_deliver(&self, card: Card) -> Call {
        let robot = self.0.shared.config.robot_code.clone();
        self.call("card_deliver", async move |app| card::deliver(&app, &robot, &card).await)
    }

    /// Changes what a card shows, to everybody or to single users. Done with DingTalk's own answer.
    pub fn card_update(&self, change: CardChange) -> Call {
        self.call("card_update", async move |app| card::update(&app, &change).await)
    }

    /// Gives a card that exists, by its `track_id`, further spaces to be delivered to.
    pub fn card_add_spaces(&self, card: Card) -> Call {
        self.call("card_add_spaces", async move |app| card::add_spaces(&app, &card).await)
    }

    /// Takes a card from the top of a group.
    pub fn card_close_top(&self, track_id: impl Into<String>, conversation: impl Into<String>) -> Call {
        let (id, conversation) = (track_id.into(), conversation.into());
        self.call("card_close_top", async move |app| card::close_top(&app, &id, &conversation).await)
    }

    /// Registers the HTTP address that the actions of cards with this callback route go to; cards over Stream need none. The
    /// secret signs what DingTalk sends there; empty lets DingTalk choose one. `force` replaces what was registered.
    pub fn card_register_callback(&self, route: &str, url: &str, secret: &str, force: bool) -> Call {
        let (route, url, secret) = (route.to_owned(), url.to_owned(), crate::config::Secret::from(secret));
        self.call("card_register_callback", async move |app| {
            card::register_callback(&app, &route, &url, secret.expose(), force).await
        })
    }

    /// Sends an ordinary card (`StandardCard`), which DingTalk keeps for applications that have it already: to one group or
    /// one user, under an id of yours that it is updated by. It has no Stream callback. Done with `{"cardBizId",
    /// "processQueryKey"}`.
    pub fn standard_card_send(&self, target: Target, biz_id: impl Into<String>, card: Value) -> Call {
        let (robot, id) = (self.0.shared.config.robot_code.clone(), biz_id.into());
        self.call("standard_card_send", async move |app| standard::send(&app, &robot, &target, &id, &card).await)
    }

    /// Replaces what an ordinary card shows.
    pub fn standard_card_update(&self, biz_id: impl Into<String>, card: Value) -> Call {
        let id = biz_id.into();
        self.call("standard_card_update", async move |app| standard::update(&app, &id, &card).await)
    }

    /// Opens a session that types into an AI card there.
    ///
    /// # Errors
    /// `config` for options or a journal that can't be used, `forked` in a child. What DingTalk says comes with the end.
    pub fn card(&self, space: Space, options: CardOptions) -> Result<CardSession> {
        let shared = &self.0.shared;
        shared.born.check("client")?;
        let robot = shared.config.robot_code.clone();
        let instead = message_to(shared, &space, &robot);
        CardSession::open(shared, Opening { robot, space: Ok(space), instead }, options)
    }
}

/// Why clicks don't arrive, from DingTalk's own questions and answers (document C2/0003).
const CHECKLIST: &str = "where no click on a card arrives: is a handler of cards registered before the start? was the card \
    created with callbackType STREAM (as this library does)? by the same client id as this connection's? and does no \
    other Stream program run under it?";

pub(super) fn tell_how_clicks_arrive(shared: &Shared, subscriptions: &[Subscription]) {
    if subscriptions.iter().any(|subscription| subscription.kind == Kind::Card) {
        shared.log(Level::Info, "card", format_args!("{CHECKLIST}"));
    }
}

/// A message to where the card would have been.
fn message_to(shared: &Arc<Shared>, space: &Space, robot: &str) -> Instead {
    let target = if space.is("IM_GROUP") {
        Ok(Target::Group(space.id().to_owned()))
    } else if space.is("IM_ROBOT") {
        Ok(Target::Users(vec![space.id().to_owned()]))
    } else {
        Err(Error::new(ErrorKind::NotFound, "no message goes to this kind of space"))
    };
    let (shared, robot) = (Arc::clone(shared), robot.to_owned());
    Box::new(move |message: Message| {
        let (shared, robot, target) = (Arc::clone(&shared), robot.clone(), target.clone());
        async move {
            let mut told = bot::send(shared.app()?, &robot, target?, message, Lane::Urgent).await?;
            told["via"] = "openapi".into();
            Ok(told)
        }
        .boxed()
    })
}
