//! Everything that there is of cards, behind one lock: a call changes one card and looks at a template.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::instance::Card;
use super::template::{Template, public};
use crate::words::Refusal;

#[derive(Debug, Default)]
pub(crate) struct Cards(Mutex<World>);

#[derive(Debug)]
pub(super) struct World {
    /// In the order in which they were made.
    pub(super) cards: Vec<Card>,
    templates: HashMap<String, Template>,
    /// Addresses for callbacks over HTTP, by application and route key.
    pub(super) routes: HashMap<(String, String), String>,
}

impl Default for World {
    fn default() -> Self {
        let templates = public().into_iter().map(|template| (template.id.clone(), template)).collect();
        Self { cards: Vec::new(), templates, routes: HashMap::new() }
    }
}

impl World {
    /// A card of this application, by its outTrackId or cardBizId.
    pub(super) fn find(&mut self, client_id: &str, id: &str) -> Option<&mut Card> {
        let mut known = self.cards.iter_mut().filter(|card| !card.forgotten);
        known.find(|card| card.client_id == client_id && card.id == id)
    }

    /// As `find`, but for the calls of the current API, which don't know the ordinary card.
    pub(super) fn instance(&mut self, client_id: &str, id: &str) -> Result<&mut Card, Refusal> {
        let card = self.find(client_id, id).filter(|card| !card.is_ordinary());
        card.ok_or_else(|| Refusal::api("param.cardNotExist"))
    }

    pub(super) fn template(&self, id: &str) -> Result<Template, Refusal> {
        let template = self.templates.get(id).ok_or_else(|| Refusal::api("param.templateNotExist"))?;
        if template.published { Ok(template.clone()) } else { Err(Refusal::api("param.templateUnpublished")) }
    }
}

impl Cards {
    pub(super) fn put_template(&self, template: Template) {
        self.lock().templates.insert(template.id.clone(), template);
    }

    /// The application whose card this is.
    pub(crate) fn owner(&self, id: &str) -> Option<String> {
        let world = self.lock();
        world.cards.iter().find(|card| card.id == id && !card.forgotten).map(|card| card.client_id.clone())
    }

    /// The message that carries a card is taken back: the card is not seen there any more.
    pub(crate) fn recall(&self, process_query_key: &str) {
        let mut world = self.lock();
        let spaces = world.cards.iter_mut().flat_map(|card| &mut card.spaces);
        for space in spaces.filter(|space| space.carrier_id == process_query_key) {
            space.recalled = true;
        }
    }

    pub(crate) fn clear(&self) {
        *self.lock() = World::default();
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
