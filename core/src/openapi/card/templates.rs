//! The templates that DingTalk publishes for everyone, read in the official Python SDK (`card_instance.py`).

use serde_json::{Map, Value, json};

use super::button::CardButton;
use super::description::Card;
use crate::error::{Result, argument};

/// Markdown with a title: variables `title`, `markdown`, `logo`.
pub const MARKDOWN: &str = "589420e2-c1e2-46ef-a5ed-b8728e654da9.schema";
/// Markdown with buttons that open links: variables `title`, `markdown`, `tips`, `logo`.
pub const MARKDOWN_BUTTONS: &str = "1366a1eb-bc54-4859-ac88-517c56a9acb1.schema";
/// What an AI writes: text that can stream (`msgContent`), buttons, pictures.
pub const AI_MARKDOWN: &str = "382e4302-551d-4880-bf29-a30acfab2e71.schema";

/// The variable of [`AI_MARKDOWN`] that streams.
pub(crate) const AI_KEY: &str = "msgContent";
/// The variable of [`AI_MARKDOWN`] that says what state it shows.
const AI_STATE: &str = "flowStatus";
/// What holds everything that is no text.
const OBJECTS: &str = "sys_full_json_obj";
/// What stands below what.
const AI_ORDER: &[&str] =
    &["msgTitle", AI_KEY, "staticMsgContent", "msgTextList", "msgImages", "msgSlider", "msgButtons"];
const CAROUSEL_ORDER: &[&str] =
    &["msgTitle", "staticMsgContent", "msgSlider", "msgImages", "msgTextList", "msgButtons"];

impl Card {
    /// A card of the public template [`MARKDOWN`].
    pub fn markdown(title: impl Into<String>, markdown: impl Into<String>) -> Self {
        Self::new(MARKDOWN).value("title", title.into()).value("markdown", markdown.into())
    }

    /// A card of the public template [`MARKDOWN_BUTTONS`]: the tips stand below the markdown, the buttons below them.
    pub fn markdown_buttons(
        markdown: impl Into<String>,
        tips: impl Into<String>,
        buttons: impl IntoIterator<Item = CardButton>,
    ) -> Self {
        let buttons: Vec<_> = buttons.into_iter().collect();
        let card = Self::new(MARKDOWN_BUTTONS).value("markdown", markdown.into()).value("tips", tips.into());
        card.value(OBJECTS, objects(None, &buttons))
    }

    /// A card of the public template [`AI_MARKDOWN`] that is finished as it is.
    pub fn ai_markdown(markdown: impl Into<String>, buttons: impl IntoIterator<Item = CardButton>) -> Self {
        let buttons: Vec<_> = buttons.into_iter().collect();
        let card = Self::new(AI_MARKDOWN).value(AI_KEY, markdown.into());
        card.value(OBJECTS, objects(Some(AI_ORDER), &buttons)).value(AI_STATE, state(AiState::Finished))
    }

    /// Pictures (a title and a media id or URL each), one of which is chosen by the button below them; its click comes as
    /// the card action `image_slider_select_button`.
    pub fn carousel(
        markdown: impl Into<String>,
        slides: impl IntoIterator<Item = (String, String)>,
        button: impl Into<String>,
    ) -> Self {
        let slides: Vec<_> =
            slides.into_iter().map(|(title, image)| json!({ "title": title, "image": image })).collect();
        let card = Self::new(AI_MARKDOWN).value("staticMsgContent", markdown.into());
        card.value(OBJECTS, slider(&slides, Some(&button.into().into()))).value(AI_STATE, state(AiState::Finished))
    }
}

/// What an AI card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AiState {
    Inputing = 2,
    Finished = 3,
    Failed = 5,
}

/// Every public template: its word, its id, and its fields.
const PUBLIC: &[(&str, &str, &[&str])] = &[
    ("markdown", MARKDOWN, &["title", "markdown", "logo"]),
    ("markdown_buttons", MARKDOWN_BUTTONS, &["title", "markdown", "logo", "tips", "buttons"]),
    ("ai_markdown", AI_MARKDOWN, &["title", "markdown", "logo", "buttons"]),
    ("carousel", AI_MARKDOWN, &["title", "markdown", "logo", "slides", "button"]),
];

/// The template's id and variables, where it is named by a word (`markdown`, `markdown_buttons`, `ai_markdown`,
/// `carousel`) and its data by that template's fields.
pub(super) fn expanded(template: &str, data: Map<String, Value>) -> Result<(String, Map<String, Value>)> {
    let Some((word, id, fields)) = PUBLIC.iter().find(|(word, ..)| *word == template) else {
        return Ok((template.to_owned(), data));
    };
    if let Some(unknown) = data.keys().find(|field| !fields.contains(&field.as_str())) {
        return Err(argument(format!("the template {word} has no field {unknown:?}"))
            .hint(format!("its fields are {}", fields.join(", "))));
    }
    let text = |field: &str| data.get(field).filter(|value| !value.is_null()).cloned();
    let buttons = || data.get("buttons").map_or(Ok(Vec::new()), CardButton::read_all);
    let variables = match *word {
        "markdown" => vec![("title", text("title")), ("markdown", text("markdown")), ("logo", text("logo"))],
        "markdown_buttons" => vec![
            ("title", text("title")),
            ("markdown", text("markdown")),
            ("logo", text("logo")),
            ("tips", text("tips")),
            (OBJECTS, Some(objects(None, &buttons()?))),
        ],
        "ai_markdown" => vec![
            ("msgTitle", text("title")),
            (AI_KEY, text("markdown")),
            ("logo", text("logo")),
            (OBJECTS, Some(objects(Some(AI_ORDER), &buttons()?))),
            (AI_STATE, Some(state(AiState::Finished))),
        ],
        _ => vec![
            ("msgTitle", text("title")),
            ("staticMsgContent", text("markdown")),
            ("logo", text("logo")),
            (OBJECTS, Some(slides(&data)?)),
            (AI_STATE, Some(state(AiState::Finished))),
        ],
    };
    let variables = variables.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Ok(((*id).to_owned(), variables.collect()))
}

/// The variables that an AI card begins with, beside its text.
pub(crate) fn ai_begun() -> Map<String, Value> {
    Map::from_iter([
        (AI_STATE.to_owned(), state(AiState::Inputing)),
        (OBJECTS.to_owned(), objects(Some(AI_ORDER), &[])),
    ])
}

/// The variables that an AI card ends with.
pub(crate) fn ai_ended(state_: AiState, buttons: &[CardButton]) -> Map<String, Value> {
    let mut ended = Map::from_iter([(AI_STATE.to_owned(), state(state_))]);
    if !buttons.is_empty() {
        ended.insert(OBJECTS.to_owned(), objects(Some(AI_ORDER), buttons));
    }
    ended
}

fn state(state: AiState) -> Value {
    (state as u32).to_string().into()
}

fn objects(order: Option<&[&str]>, buttons: &[CardButton]) -> Value {
    let mut objects = Map::new();
    objects.extend(order.map(|order| ("order".to_owned(), json!(order))));
    if !buttons.is_empty() {
        let buttons: Vec<_> = buttons.iter().map(CardButton::encoded).collect();
        objects.insert("msgButtons".to_owned(), buttons.into());
    }
    objects.into()
}

/// Pictures with titles, one of which is chosen by the button below them.
fn slides(data: &Map<String, Value>) -> Result<Value> {
    let wrong = || argument("the slides of a carousel are a list of {title, image}");
    let slides = data.get("slides").and_then(Value::as_array).filter(|slides| !slides.is_empty()).ok_or_else(wrong)?;
    let is_slide = |slide: &Value| slide.get("image").is_some_and(Value::is_string);
    if !slides.iter().all(is_slide) {
        return Err(wrong());
    }
    Ok(slider(slides, data.get("button").filter(|text| !text.is_null())))
}

fn slider(slides: &[Value], button: Option<&Value>) -> Value {
    let mut objects = json!({ "order": CAROUSEL_ORDER, "msgSlider": slides });
    if let Some(text) = button {
        objects["msgButtons"] =
            json!([{ "text": text, "color": "blue", "id": "image_slider_select_button", "request": true }]);
    }
    objects
}
