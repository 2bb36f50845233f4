//! The run: pushes and faults, step by step, then peace until everything is settled.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dingstream::Stats;
use dingstream_faultproxy::{At, End, Fault, Socket, What};
use fastrand::Rng;
use serde_json::{Value, json};

use crate::books::Books;
use crate::bot::Bot;
use crate::history::History;
use crate::memory::resident_kib;
use crate::storm::{Blow, Storm};
use crate::world::World;
use crate::{Arguments, DEADLINE};

/// How long something may take that has no event of its own to wait for; the records are read meanwhile.
const TICK: Duration = Duration::from_millis(10);
/// Time enough for a client to notice that nothing comes any more.
const PATIENCE: Duration = Duration::from_secs(1);
/// After this part of the run, memory has its size.
const WARM_UP: usize = 4;
const CONVERSATIONS: usize = 20;
/// Enough for each connection to get one.
const PINGS: usize = 8;

/// What a run leaves to be judged.
pub(crate) struct Outcome {
    pub(crate) books: Books,
    pub(crate) history: Arc<History>,
    pub(crate) ledger: Vec<Socket>,
    pub(crate) stats: Stats,
    /// Faults that struck newcomers, which the ledger doesn't know.
    pub(crate) newcomers: usize,
    pub(crate) warm_kib: u64,
    pub(crate) end_kib: u64,
    pub(crate) took: Duration,
}

struct Run {
    world: World,
    bot: Bot,
    storm: Storm,
    rng: Rng,
    books: Books,
    next_record: u64,
    newcomers: usize,
}

pub(crate) async fn run(arguments: &Arguments) -> Result<Outcome, String> {
    let began = Instant::now();
    let world = World::start(arguments.seed).await?;
    let bot = Bot::start(arguments.seed, world.proxy.url()).map_err(|error| error.to_string())?;
    let mut run = Run {
        world,
        bot,
        storm: Storm::new(arguments.seed),
        rng: Rng::with_seed(arguments.seed),
        books: Books::default(),
        next_record: 0,
        newcomers: 0,
    };
    let mut warm_kib = 0;
    let steps = usize::from(arguments.faults);
    for step in 0..steps {
        if step == steps / WARM_UP {
            warm_kib = resident_kib()?;
        }
        run.world.proxy.heal().map_err(|error| error.to_string())?;
        run.connected().await?;
        let done = |steps_done: usize| arguments.deliveries * steps_done / steps;
        run.step(done(step)..done(step + 1)).await?;
    }
    run.settle().await?;
    let end_kib = resident_kib()?;
    let history = Arc::clone(&run.bot.history);
    let stats = run.bot.stop().await?;
    let ledger = ended(&run.world).await?;
    let (books, newcomers) = (run.books, run.newcomers);
    Ok(Outcome { books, history, ledger, stats, newcomers, warm_kib, end_kib, took: began.elapsed() })
}

/// The ledger, once all connections have ended.
async fn ended(world: &World) -> Result<Vec<Socket>, String> {
    let until = Instant::now() + DEADLINE;
    while !world.proxy.open_sockets().is_empty() {
        if Instant::now() > until {
            return Err("a connection of a stopped client did not end".to_owned());
        }
        tokio::task::yield_now().await;
    }
    Ok(world.proxy.ledger())
}

impl Run {
    /// One fault, and a share of the deliveries around it.
    async fn step(&mut self, deliveries: Range<usize>) -> Result<(), String> {
        let half = deliveries.start + deliveries.len() / 2;
        self.push(deliveries.start..half)?;
        if self.storm.rotates() {
            self.world.order("break", json!({"what": "disconnect"})).await?;
        }
        let noticed = self.noticed();
        match self.storm.next() {
            Blow::Newcomers(fault) => {
                self.strike(fault)?;
                self.push(half..deliveries.end)?;
                self.strike(What::Cut)?;
                self.newcomers += 1;
            }
            Blow::Sockets(fault) => {
                self.strike_sockets(fault, half..deliveries.end).await?;
            }
        }
        let until = Instant::now() + PATIENCE;
        if self.storm.lingers() {
            while self.noticed() == noticed && Instant::now() < until {
                self.read_records().await?;
            }
        }
        self.world.advance(Duration::from_millis(self.rng.u64(..4000))).await?;
        self.read_records().await
    }

    /// Strikes once what it needs is there: frames, answers, and WebSockets that live until then.
    async fn strike_sockets(&mut self, fault: Fault, deliveries: Range<usize>) -> Result<(), String> {
        let until = Instant::now() + DEADLINE;
        let before = self.world.proxy.struck();
        let mut aimed: Vec<u64> = Vec::new();
        let mut left = Some(deliveries);
        while self.world.proxy.struck() == before {
            if Instant::now() > until {
                return Err(format!("nothing came that {fault:?} could strike"));
            }
            let open = self.world.proxy.open_sockets();
            if !aimed.iter().any(|one| open.contains(one)) {
                aimed = self.world.proxy.strike(fault.on(self.storm.aim(&open))).unwrap_or_default();
            }
            match left.take() {
                Some(deliveries) => self.push(deliveries)?,
                // What it strikes then is a ping, or its answer, unless it aims at a connection that has to end first.
                None => {
                    self.world.push(json!({"kind": "system", "topic": "ping", "count": PINGS}))?;
                    self.world.advance(Duration::from_secs(1)).await?;
                }
            }
            self.read_records().await?;
        }
        Ok(())
    }

    /// What the client has noticed of the faults.
    fn noticed(&self) -> u64 {
        let stats = self.bot.stats();
        stats.lost + stats.open_failures
    }

    async fn connected(&mut self) -> Result<(), String> {
        let until = Instant::now() + DEADLINE;
        while !self.bot.is_connected() {
            if Instant::now() > until {
                return Err(format!(
                    "the client has had no connection for {DEADLINE:?}: {}",
                    self.bot.stats().to_json()
                ));
            }
            self.read_records().await?;
        }
        Ok(())
    }

    fn strike(&self, fault: impl Into<Fault>) -> Result<(), String> {
        self.world.proxy.strike(fault).map(drop)
    }

    fn push(&mut self, deliveries: Range<usize>) -> Result<(), String> {
        for number in deliveries {
            if number % 2 == 0 {
                let id = format!("event-{number}");
                self.books.enter_event(id.clone());
                self.world.push(json!({"kind": "event", "eventType": "chaos", "eventId": id, "data": {}}))?;
            } else {
                let id = format!("message-{number}");
                let push = self.message(&id);
                let pushed = self.world.push(push)?;
                self.books.enter_message(id, &pushed);
            }
        }
        Ok(())
    }

    /// A text of any length, so that frames have lengths of 16 and 64 bits, and sometimes twice.
    fn message(&mut self, id: &str) -> Value {
        let length = if self.rng.u8(..100) == 0 { self.rng.usize(65_536..70_000) } else { self.rng.usize(..2000) };
        json!({
            "kind": "message",
            "msgId": id,
            "conversationId": format!("cid-{}", self.rng.usize(..CONVERSATIONS)),
            "text": "x".repeat(length),
            "count": if self.rng.u8(..20) == 0 { 2 } else { 1 },
        })
    }

    /// Peace, until every event is consumed and every handler has ended.
    async fn settle(&mut self) -> Result<(), String> {
        self.world.proxy.heal().map_err(|error| error.to_string())?;
        self.connected().await?;
        let until = Instant::now() + 3 * DEADLINE;
        while self.world.state().await?["pendingEvents"] != 0 {
            if Instant::now() > until {
                return Err("events are still pending although nothing is broken any more".to_owned());
            }
            self.world.advance(Duration::from_secs(1)).await?;
            self.read_records().await?;
        }
        loop {
            let stats = self.bot.stats();
            if stats.waiting + stats.in_flight == 0 {
                return self.read_records().await;
            }
            if Instant::now() > until {
                return Err(format!("{} deliveries are never settled", stats.waiting + stats.in_flight));
            }
            self.read_records().await?;
        }
    }

    /// Reads what is new, or waits a moment for it.
    async fn read_records(&mut self) -> Result<(), String> {
        let read = self.world.records("answer,givenUp", self.next_record, TICK).await?;
        self.next_record = read["next"].as_u64().ok_or("the records have no number")?;
        for record in read["records"].as_array().into_iter().flatten() {
            self.books.read(record);
        }
        Ok(())
    }
}

impl Outcome {
    /// How many faults struck, and how many of them inside a frame or before an answer.
    pub(crate) fn faults(&self) -> (usize, usize) {
        let struck = || self.ledger.iter().flat_map(|socket| &socket.struck);
        (struck().count() + self.newcomers, struck().filter(|fault| fault.at != At::Now).count())
    }

    /// How connections ended.
    pub(crate) fn ends(&self, end: End) -> usize {
        self.ledger.iter().filter(|socket| socket.end == end).count()
    }
}
