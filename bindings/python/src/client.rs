//! One application: configuration, subscriptions, start and stop, and what it says by itself.

use std::path::PathBuf;

use dingstream::delivery::KINDS;
use dingstream::openapi::HOSTS;
use dingstream::openapi::bot::REMINDS;
use dingstream::openapi::upload::MEDIA_TYPES;
use dingstream::stream::topics;
use dingstream::{Bytes, CardChange, Config, Host, Kind, MediaType, Remind, Space, Target};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyDict;

use crate::call::Call;
use crate::card::Card;
use crate::card_session::{self, CardSession};
use crate::error::raised;
use crate::json::{dumps, loads};
use crate::message::Message;
use crate::named::named;
use crate::queue::Queue;
use crate::time::patience;

/// The core's client. Users see `dingstream.Client`, which has the handlers.
#[pyclass(frozen, module = "dingstream._dingstream")]
pub(crate) struct Client(dingstream::Client);

#[pymethods]
impl Client {
    #[new]
    fn new(py: Python<'_>, options: &str, queue: &Queue) -> PyResult<Self> {
        let made = Config::from_json(options).and_then(|mut config| {
            if config.ua.is_empty() {
                config.ua = concat!("dingstream-sdk-python/", env!("CARGO_PKG_VERSION"), "-union").to_owned();
            }
            dingstream::Client::with_queue(config, queue.core(), 0)
        });
        made.map(Self).map_err(|error| raised(py, &error))
    }

    /// Subscribes a kind by its name.
    fn subscribe(&self, py: Python<'_>, kind: &str) -> PyResult<()> {
        let kind = named(py, KINDS, Kind::from_number, "kind", kind)?;
        self.0.subscribe(kind, "").map_err(|error| raised(py, &error))
    }

    /// Subscribes one callback topic.
    fn subscribe_topic(&self, py: Python<'_>, topic: &str) -> PyResult<()> {
        self.0.subscribe(topics::kind_of(topic), topic).map_err(|error| raised(py, &error))
    }

    fn start<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.start())
    }

    fn stop<'py>(&self, py: Python<'py>, seconds: f64) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.stop(patience(seconds)))
    }

    /// Sends to a target, given as JSON.
    fn send<'py>(&self, py: Python<'py>, target: &str, message: &Message) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.send(to(py, target)?, message.0.clone()))
    }

    fn read_status<'py>(&self, py: Python<'py>, target: &str, key: &str) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.read_status(to(py, target)?, key))
    }

    fn recall<'py>(&self, py: Python<'py>, target: &str, keys: Vec<String>) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.recall(to(py, target)?, keys))
    }

    fn ding<'py>(&self, py: Python<'py>, users: Vec<String>, remind: &str, text: &str) -> PyResult<Bound<'py, PyAny>> {
        let remind = named(py, REMINDS, Remind::from_number, "reminder", remind)?;
        Call::wrapped(py, self.0.ding(users, remind, text))
    }

    /// Calls any other API; a body of `None` is none.
    fn request<'py>(
        &self,
        host: &str,
        method: &str,
        path: &str,
        query: Vec<(String, String)>,
        body: &Bound<'py, PyAny>,
        corp: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = body.py();
        let host = named(py, HOSTS, Host::from_number, "host", host)?;
        let query: Vec<_> = query.iter().map(|(name, value)| (&**name, &**value)).collect();
        let body = Some(dumps("body", body)?).filter(|body| !body.is_null());
        Call::wrapped(py, self.0.request(method, host, path, &query, body, corp))
    }

    /// Uploads bytes, which are not copied.
    fn upload<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        name: &str,
        bytes: PyBackedBytes,
    ) -> PyResult<Bound<'py, PyAny>> {
        let kind = named(py, MEDIA_TYPES, MediaType::from_number, "media type", kind)?;
        Call::wrapped(py, self.0.upload(kind, name, Bytes::from_owner(bytes)))
    }

    fn upload_file<'py>(&self, py: Python<'py>, kind: &str, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let kind = named(py, MEDIA_TYPES, MediaType::from_number, "media type", kind)?;
        Call::wrapped(py, self.0.upload_file(kind, path))
    }

    /// A download to be read piece by piece.
    fn download(&self, code: &str, robot_code: Option<&str>) -> Call {
        Call::of(self.0.download(code, robot_code))
    }

    fn download_file<'py>(
        &self,
        py: Python<'py>,
        code: &str,
        robot_code: Option<&str>,
        path: PathBuf,
    ) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.download_file(code, robot_code, path))
    }

    /// Opens a session in a space, given as JSON.
    fn card<'py>(
        &self,
        py: Python<'py>,
        space: &str,
        text: &str,
        options: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let options = card_session::options(py, text, Some(options))?;
        let session = Space::from_json(space).and_then(|space| self.0.card(space, options));
        CardSession::of(py, session.map_err(|error| raised(py, &error))?)
    }

    fn card_send<'py>(&self, py: Python<'py>, card: &Card) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.card_send(card.0.clone()))
    }

    fn card_create<'py>(&self, py: Python<'py>, card: &Card) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.card_create(card.0.clone()))
    }

    fn card_deliver<'py>(&self, py: Python<'py>, card: &Card) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.card_deliver(card.0.clone()))
    }

    fn card_add_spaces<'py>(&self, py: Python<'py>, card: &Card) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.card_add_spaces(card.0.clone()))
    }

    /// Changes a card; what changes is given as JSON.
    fn card_update<'py>(&self, py: Python<'py>, change: &str) -> PyResult<Bound<'py, PyAny>> {
        let change = CardChange::from_json(change).map_err(|error| raised(py, &error))?;
        Call::wrapped(py, self.0.card_update(change))
    }

    fn card_close_top<'py>(&self, py: Python<'py>, track_id: &str, group: &str) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.card_close_top(track_id, group))
    }

    fn card_register_callback<'py>(
        &self,
        py: Python<'py>,
        route: &str,
        url: &str,
        secret: &str,
        force: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(py, self.0.card_register_callback(route, url, secret, force))
    }

    /// Sends an ordinary card to a target, given as JSON.
    fn standard_card_send<'py>(
        &self,
        target: &str,
        biz_id: &str,
        card: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, json) = (card.py(), dumps("card", card)?);
        Call::wrapped(py, self.0.standard_card_send(to(py, target)?, biz_id, json))
    }

    fn standard_card_update<'py>(&self, biz_id: &str, card: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        Call::wrapped(card.py(), self.0.standard_card_update(biz_id, dumps("card", card)?))
    }

    fn suite_ticket(&self, py: Python<'_>, ticket: &str) -> PyResult<()> {
        self.0.suite_ticket(ticket).map_err(|error| raised(py, &error))
    }

    #[getter]
    fn state(&self) -> &'static str {
        self.0.state().name()
    }

    /// What it has counted, and what it holds: a number by its name.
    fn stats<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        loads(py, Some(self.0.stats().to_json()))
    }

    /// The same as Prometheus reads it.
    fn metrics(&self) -> String {
        self.0.metrics()
    }

    /// How many runs were begun; each tells `stopped` once.
    #[getter]
    fn runs(&self) -> u64 {
        self.0.runs()
    }

    /// How long `run` lets handlers finish, in seconds.
    #[getter]
    fn stop_deadline(&self) -> f64 {
        self.0.stop_deadline().as_secs_f64()
    }
}

fn to(py: Python<'_>, target: &str) -> PyResult<Target> {
    Target::from_json(target).map_err(|error| raised(py, &error))
}
