//! Templates: what a card's variables are called, and which of them can do what.

use serde::Deserialize;

use crate::control::Refused;

/// The ordinary card's; the current API knows no template of this name.
pub(super) const STANDARD: &str = "StandardCard";

/// What the platform puts into every template. None of them is text to read.
pub(super) const SYSTEM_VARIABLES: [&str; 2] = ["flowStatus", "sys_full_json_obj"];

/// `POST /_sim/templates`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Template {
    pub(super) id: String,
    variables: Vec<String>,
    /// Those of the variables that are markdown, and so are streamed whole or not at all.
    #[serde(default)]
    markdown: Vec<String>,
    #[serde(default = "yes")]
    pub(super) published: bool,
    /// Whether the variables may be another user by user.
    #[serde(default)]
    pub(super) private_data: bool,
}

fn yes() -> bool {
    true
}

impl Template {
    fn new(id: &str, variables: &[&str], markdown: &[&str]) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            id: id.to_owned(),
            variables: owned(variables),
            markdown: owned(markdown),
            published: true,
            private_data: false,
        }
    }

    pub(super) fn standard() -> Self {
        Self { private_data: true, ..Self::new(STANDARD, &["cardData"], &[]) }
    }

    /// Why it makes no sense, if so.
    pub(super) fn check(&self) -> Result<(), Refused> {
        let stranger = self.markdown.iter().find(|name| !self.variables.contains(name));
        match stranger {
            Some(name) => Err(Refused::bad(format!("{name} is markdown, but no variable"))),
            None if self.id.is_empty() || self.id == STANDARD => Err(Refused::bad("a template needs an id of its own")),
            None => Ok(()),
        }
    }

    pub(super) fn has(&self, variable: &str) -> bool {
        self.variables.iter().any(|name| name == variable)
    }

    pub(super) fn shows(&self, variable: &str) -> bool {
        self.has(variable) || SYSTEM_VARIABLES.contains(&variable)
    }

    pub(super) fn is_markdown(&self, variable: &str) -> bool {
        self.markdown.iter().any(|name| name == variable)
    }

    /// An AI card has a flow of states of its own, from its delivery on.
    pub(super) fn is_ai(&self) -> bool {
        self.has("flowStatus")
    }
}

/// Those that DingTalk's own SDKs use, which every application may.
pub(super) fn public() -> Vec<Template> {
    let new = Template::new;
    vec![
        new("589420e2-c1e2-46ef-a5ed-b8728e654da9.schema", &["markdown", "title", "logo"], &["markdown"]),
        new("1366a1eb-bc54-4859-ac88-517c56a9acb1.schema", &["markdown", "tips", "title", "logo"], &["markdown"]),
        new(
            "382e4302-551d-4880-bf29-a30acfab2e71.schema",
            &["msgContent", "staticMsgContent", "flowStatus", "msgTitle", "logo"],
            &["msgContent", "staticMsgContent"],
        ),
        new("7f538f6d-ebb7-4533-a9ac-61a32da094cf.schema", &["goal", "processFlag", "plan", "flowStatus"], &[]),
        new("d28e2ac5-fb34-4d93-94bc-cf5c580c2d4f.schema", &["content"], &["content"]),
    ]
}
