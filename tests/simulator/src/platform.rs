//! Everything that the simulated platform knows, each part behind its own lock.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use crate::apps::Apps;
use crate::card::Cards;
use crate::clock::Clock;
use crate::connections::Connections;
use crate::dice::Dice;
use crate::faults::Faults;
use crate::gateway::Tickets;
use crate::openapi::{Answers, Files, Limits, Media, Sent};
use crate::owed::Owed;
use crate::records::Records;
use crate::redelivery::Redeliveries;
use crate::robot::Robots;
use crate::settings::CurrentSettings;
use crate::token::Tokens;
use crate::webhook::Sessions;

#[derive(Debug)]
pub(crate) struct Platform {
    port: u16,
    between_resets: RwLock<()>,
    pub(crate) clock: Clock,
    pub(crate) dice: Dice,
    pub(crate) settings: CurrentSettings,
    pub(crate) records: Records,
    pub(crate) faults: Faults,
    pub(crate) apps: Apps,
    pub(crate) tickets: Tickets,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    pub(crate) robots: Robots,
    pub(crate) limits: Limits,
    pub(crate) answers: Answers,
    pub(crate) sent: Sent,
    pub(crate) media: Media,
    pub(crate) files: Files,
    pub(crate) cards: Cards,
    pub(crate) connections: Connections,
    pub(crate) owed: Owed,
    pub(crate) redeliveries: Redeliveries,
}

impl Platform {
    pub(crate) fn new(port: u16, apps: Vec<(String, String)>, seed: u64) -> Self {
        let dice = Dice::new(seed);
        Self {
            port,
            between_resets: RwLock::default(),
            apps: Apps::new(apps, &dice),
            dice,
            clock: Clock::new(),
            settings: CurrentSettings::new(seed),
            records: Records::new(),
            faults: Faults::default(),
            tickets: Tickets::default(),
            tokens: Tokens::default(),
            sessions: Sessions::default(),
            robots: Robots::default(),
            limits: Limits::default(),
            answers: Answers::default(),
            sent: Sent::default(),
            media: Media::default(),
            files: Files::default(),
            cards: Cards::default(),
            connections: Connections::default(),
            owed: Owed::default(),
            redeliveries: Redeliveries::default(),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where clients are to connect: here, or at the proxy that `endpointBase` names.
    pub(crate) fn endpoint_base(&self) -> String {
        self.settings.get().endpoint_base.unwrap_or_else(|| format!("ws://127.0.0.1:{}", self.port))
    }

    /// Where they are to send replies: the same place, over HTTP.
    pub(crate) fn webhook_base(&self) -> String {
        self.endpoint_base().replacen("ws", "http", 1)
    }

    /// What the platform takes the time to be: its clock, and what `clockSkewMs` adds.
    pub(crate) fn told_time(&self) -> u64 {
        self.clock.now().saturating_add_signed(self.settings.get().clock_skew_ms)
    }

    pub(crate) fn record(&self, kind: &str, fields: serde_json::Value) {
        self.records.add(kind, self.clock.now(), fields, self.settings.kept_records());
    }

    /// Held from looking a connection up to recording what it did, so that nothing from before a reset is recorded
    /// after it.
    pub(crate) fn undisturbed(&self) -> RwLockReadGuard<'_, ()> {
        self.between_resets.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn reset(&self) {
        let _alone = self.between_resets.write().unwrap_or_else(PoisonError::into_inner);
        self.redeliveries.clear();
        self.connections.clear();
        self.owed.clear();
        self.tickets.clear();
        self.tokens.clear();
        self.sessions.clear();
        self.robots.clear();
        self.limits.clear();
        self.answers.clear();
        self.sent.clear();
        self.media.clear();
        self.files.clear();
        self.cards.clear();
        self.faults.clear();
        self.settings.reset();
        self.dice.reseed(self.settings.get().seed);
        self.apps.reset(&self.dice);
        self.clock.reset();
        self.records.clear();
    }
}
