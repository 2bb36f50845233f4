//! The card world: templates, cards, the spaces that show them, and the calls that make, fill, move and end them.

mod body;
mod callbacks;
mod click;
mod control;
mod create;
mod deliver;
mod describe;
mod dynamic;
mod instance;
mod ordinary;
mod payload;
mod sight;
mod space;
mod streaming;
mod template;
mod top;
mod update;
mod world;

pub(crate) use self::callbacks::register as register_callback;
pub(crate) use self::click::{Click, aim, answered};
pub(crate) use self::control::{all, forget, one, template};
pub(crate) use self::create::{create, create_and_deliver};
pub(crate) use self::deliver::deliver;
pub(crate) use self::describe::{deliver_results, describe};
pub(crate) use self::ordinary::{send as send_ordinary, update as update_ordinary, update_away};
pub(crate) use self::payload::{action, query};
pub(crate) use self::streaming::{StreamRule, stream};
pub(crate) use self::top::close as close_top;
pub(crate) use self::update::{add_spaces, update};
pub(crate) use self::world::Cards;
