//! Where a card can be shown: the kinds of spaces, their address, and one space that shows a card.

use serde_json::{Map, Value};

use crate::openapi::Way;

const LONGEST_ADDRESS: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SpaceType {
    ImGroup,
    ImRobot,
    ImSingle,
    OneBox,
}

impl SpaceType {
    pub(super) const ALL: [Self; 4] = [Self::ImGroup, Self::ImRobot, Self::ImSingle, Self::OneBox];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ImGroup => "IM_GROUP",
            Self::ImRobot => "IM_ROBOT",
            Self::ImSingle => "IM_SINGLE",
            Self::OneBox => "ONE_BOX",
        }
    }

    /// The fields that say how the space treats cards, and how this card comes into it.
    pub(super) fn models(self) -> (&'static str, &'static str) {
        match self {
            Self::ImGroup => ("imGroupOpenSpaceModel", "imGroupOpenDeliverModel"),
            Self::ImRobot => ("imRobotOpenSpaceModel", "imRobotOpenDeliverModel"),
            Self::ImSingle => ("imSingleOpenSpaceModel", "imSingleOpenDeliverModel"),
            Self::OneBox => ("topOpenSpaceModel", "topOpenDeliverModel"),
        }
    }

    /// How the message goes that carries the card; none does to the top of a conversation.
    pub(super) fn way(self) -> Option<Way> {
        match self {
            Self::ImGroup => Some(Way::Group),
            Self::ImRobot => Some(Way::Users),
            Self::ImSingle => Some(Way::PrivateChat),
            Self::OneBox => None,
        }
    }

    /// Whether this is a model for such a space.
    pub(super) fn takes(self, model: &Map<String, Value>) -> bool {
        match self {
            Self::ImGroup | Self::ImRobot => model.get("supportForward").is_some_and(Value::is_boolean),
            Self::ImSingle => true,
            Self::OneBox => model.get("spaceType").is_some_and(|name| name == "ONE_BOX"),
        }
    }
}

/// One part of an openSpaceId.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub(super) space_type: SpaceType,
    /// A conversation, or for IM_ROBOT a user.
    pub(super) id: String,
}

/// `dtv1.card//IM_GROUP.cid1==;IM_ROBOT.user1`; the documents print it with a colon too, in small letters, and with a
/// semicolon at its end.
pub(super) fn parse(address: &str) -> Option<Vec<Place>> {
    let places = address.strip_prefix("dtv1.card://").or_else(|| address.strip_prefix("dtv1.card//"))?;
    let places = places.strip_suffix(';').unwrap_or(places);
    let parsed: Option<Vec<_>> = places.split(';').map(parse_place).collect();
    parsed.filter(|_| address.chars().count() <= LONGEST_ADDRESS)
}

fn parse_place(text: &str) -> Option<Place> {
    let (name, id) = text.split_once('.')?;
    let space_type = SpaceType::ALL.into_iter().find(|known| known.name().eq_ignore_ascii_case(name))?;
    (!id.is_empty()).then(|| Place { space_type, id: id.to_owned() })
}

/// A space that shows a card, or did.
#[derive(Debug)]
pub(super) struct Space {
    pub(super) place: Place,
    pub(super) at: u64,
    /// The processQueryKey of the message that carries the card; empty where none does.
    pub(super) carrier_id: String,
    /// Who sees it there; None for everybody.
    pub(super) recipients: Option<Vec<String>>,
    pub(super) until: Option<u64>,
    pub(super) recalled: bool,
    pub(super) closed: bool,
}

impl Space {
    pub(super) fn new(place: Place, at: u64, carrier_id: String) -> Self {
        let recipients = (place.space_type == SpaceType::ImRobot).then(|| vec![place.id.clone()]);
        Self { place, at, carrier_id, recipients, until: None, recalled: false, closed: false }
    }

    pub(super) fn is_closed(&self, now: u64) -> bool {
        self.closed || self.until.is_some_and(|until| until <= now)
    }

    pub(super) fn is_open(&self, now: u64) -> bool {
        !self.recalled && !self.is_closed(now)
    }

    pub(super) fn shows_to(&self, user: &str) -> bool {
        self.recipients.as_ref().is_none_or(|recipients| recipients.iter().any(|one| one == user))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(address: &str) -> Option<Vec<(&'static str, String)>> {
        parse(address).map(|places| places.into_iter().map(|place| (place.space_type.name(), place.id)).collect())
    }

    #[test]
    fn an_address_names_one_space_or_several_in_any_form_of_the_documents() {
        let both = Some(vec![("IM_GROUP", "cid.1==".to_owned()), ("ONE_BOX", "c/2".to_owned())]);
        for form in
            ["//IM_GROUP.cid.1==;ONE_BOX.c/2", "//im_group.cid.1==;one_box.c/2;", "://IM_GROUP.cid.1==;One_Box.c/2"]
        {
            assert_eq!(names(&format!("dtv1.card{form}")), both, "{form}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_apart() {
        for wrong in [
            "",
            "IM_GROUP.c",
            "dtv1.card//",
            "dtv1.card//;",
            "dtv1.card//IM_GROUP.",
            "dtv1.card//DOC.d",
            "dtv1.card//c",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
        let of_length = |length: usize| parse(&format!("dtv1.card//IM_GROUP.{}", "c".repeat(length - 20)));
        assert!(of_length(1_000).is_some() && of_length(1_001).is_none());
    }
}
