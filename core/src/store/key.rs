//! What state is kept under: a hash, for the parts that make it up are secrets or names of customers, and files show
//! their names.

use std::fmt;

use ring::digest::{Context, SHA256};

/// The name of a state, the same in every process and every build.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key(String);

impl Key {
    /// The key of what is `kind` and belongs to whom the parts name together.
    pub(crate) fn new(kind: &str, parts: &[&str]) -> Self {
        let mut hash = Context::new(&SHA256);
        for part in parts {
            // With its length, so that no two lists of parts are read the same.
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let hash = hash.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        Self(format!("{kind}-{hash}"))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_in_every_build_and_shows_nothing() {
        let key = Key::new("robot", &["https://h/robot/send?access_token=planted"]).to_string();
        assert_eq!(key, "robot-36f4c156452409ec1f759c7ea03ba1ca73bf8dfccbd86039bcdfe89be435f529");
    }

    #[test]
    fn what_is_made_of_other_parts_has_another_key() {
        let keys = [&["ab", "c"][..], &["a", "bc"], &["abc"], &["abc", ""]].map(|parts| Key::new("token", parts).0);
        assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), keys.len());
    }
}
