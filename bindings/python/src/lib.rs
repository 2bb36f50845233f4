//! The native half of the Python package `dingstream`: the core's types as Python sees them, and no policy. What hands
//! deliveries to handlers is written in Python, so no thread of the library ever enters the interpreter.

mod call;
mod card;
mod card_session;
mod client;
mod delivery;
mod error;
mod exit;
mod json;
mod markdown;
mod message;
mod named;
mod queue;
mod time;
mod turns;
mod views;
mod webhook;

/// `dingstream._dingstream`.
#[pyo3::pymodule]
mod _dingstream {
    #[pymodule_export]
    use crate::call::Call;
    #[pymodule_export]
    use crate::card::{Card, CardResponse, DynamicData};
    #[pymodule_export]
    use crate::card_session::CardSession;
    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::delivery::Delivery;
    #[pymodule_export]
    use crate::exit::end;
    #[pymodule_export]
    use crate::markdown::{
        escape_markdown, fit_markdown, graph_response, image_markdown, link_to, mention, split_markdown,
    };
    #[pymodule_export]
    use crate::message::Message;
    #[pymodule_export]
    use crate::queue::{Done, Log, Queue};
    #[pymodule_export]
    use crate::turns::Turns;
    #[pymodule_export]
    use crate::webhook::Webhook;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::views::add(module)
    }
}
