//! The applications that the platform knows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::dice::Dice;

#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    /// What frames carry as `appId` and `eventUnifiedAppId`.
    pub(crate) app_id: String,
}

#[derive(Debug)]
pub(crate) struct Apps {
    known: Mutex<Vec<App>>,
    initial: Vec<(String, String)>,
}

impl Apps {
    pub(crate) fn new(initial: Vec<(String, String)>, dice: &Dice) -> Self {
        let apps = Self { known: Mutex::default(), initial };
        apps.reset(dice);
        apps
    }

    pub(crate) fn reset(&self, dice: &Dice) {
        self.lock().clear();
        for (id, secret) in &self.initial {
            self.put(id.clone(), secret.clone(), dice);
        }
    }

    pub(crate) fn put(&self, client_id: String, client_secret: String, dice: &Dice) {
        let mut known = self.lock();
        match known.iter_mut().find(|app| app.client_id == client_id) {
            Some(app) => app.client_secret = client_secret,
            None => known.push(App { client_id, client_secret, app_id: dice.uuid() }),
        }
    }

    pub(crate) fn remove(&self, client_id: &str) -> bool {
        let mut known = self.lock();
        let before = known.len();
        known.retain(|app| app.client_id != client_id);
        known.len() < before
    }

    pub(crate) fn get(&self, client_id: &str) -> Option<App> {
        self.lock().iter().find(|app| app.client_id == client_id).cloned()
    }

    pub(crate) fn authenticate(&self, client_id: &str, client_secret: &str) -> Option<App> {
        self.get(client_id).filter(|app| app.client_secret == client_secret)
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.lock().iter().map(|app| app.client_id.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<App>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
