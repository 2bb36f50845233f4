//! The members of an object in a JSON text, one after the other: slices of it, no tree. What is not asked for is skipped,
//! however deep it is.

use serde::de::IgnoredAny;

use super::string;

/// The text is no JSON; where that shows, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken(pub(crate) usize);

/// Walks through the object that a JSON text is. After each [`name`](Self::name) its value has to be read.
pub(crate) struct Object<'a> {
    json: &'a str,
    at: usize,
    is_first: bool,
}

/// The name of a member, as it stands there.
pub(super) struct Name<'a> {
    /// With its quotes.
    pub(super) raw: &'a str,
    /// Whether it has to be unquoted before it can be compared.
    pub(super) is_escaped: bool,
}

impl<'a> Object<'a> {
    /// Begins with a text whose first character behind white space opens an object.
    pub(crate) fn of(json: &'a str) -> Result<Self, Broken> {
        let mut object = Self { json, at: 0, is_first: true };
        object.take(b'{').then_some(()).ok_or(Broken(object.at))?;
        Ok(object)
    }

    /// The next name in its quotes; `None` at the end.
    pub(crate) fn name(&mut self) -> Result<Option<&'a str>, Broken> {
        Ok(self.next()?.map(|name| name.raw))
    }

    pub(super) fn next(&mut self) -> Result<Option<Name<'a>>, Broken> {
        if self.take(b'}') {
            return Ok(None);
        }
        if !std::mem::take(&mut self.is_first) && !self.take(b',') {
            return Err(self.broken());
        }
        self.skip_space();
        let (from, is_escaped) = (self.at, self.skip_string()?);
        let raw = &self.json[from..self.at];
        if self.take(b':') { Ok(Some(Name { raw, is_escaped })) } else { Err(self.broken()) }
    }

    /// The value, as it stands there.
    pub(crate) fn value(&mut self) -> Result<&'a str, Broken> {
        self.skip_space();
        let from = self.at;
        if self.is_string() {
            self.skip_string()?;
        } else {
            self.skip_any()?;
        }
        Ok(&self.json[from..self.at])
    }

    /// What the value says where it is a string; else it is still to be read.
    pub(crate) fn text(&mut self) -> Result<Option<String>, Broken> {
        self.skip_space();
        if !self.is_string() {
            return Ok(None);
        }
        let (said, end) = string::read(self.json, self.at + 1).ok_or(self.broken())?;
        self.at = end;
        Ok(Some(said))
    }

    /// Whether nothing follows.
    pub(super) fn ended(mut self) -> bool {
        self.skip_space();
        self.at == self.json.len()
    }

    /// A string; whether anything in it is escaped.
    fn skip_string(&mut self) -> Result<bool, Broken> {
        let end = self.is_string().then(|| string::end(self.json, self.at + 1)).flatten();
        let (end, is_escaped) = end.ok_or(self.broken())?;
        self.at = end;
        Ok(is_escaped)
    }

    fn is_string(&self) -> bool {
        self.json.as_bytes().get(self.at) == Some(&b'"')
    }

    fn skip_any(&mut self) -> Result<(), Broken> {
        let mut rest = serde_json::Deserializer::from_str(&self.json[self.at..]).into_iter::<IgnoredAny>();
        match rest.next() {
            Some(Ok(IgnoredAny)) => self.at += rest.byte_offset(),
            _ => return Err(self.broken()),
        }
        Ok(())
    }

    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let taken = self.json.as_bytes().get(self.at) == Some(&byte);
        self.at += usize::from(taken);
        taken
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.json.as_bytes().get(self.at) {
            self.at += 1;
        }
    }

    fn broken(&self) -> Broken {
        Broken(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Vec<(&str, &str)>, Broken> {
        let (mut object, mut members) = (Object::of(json)?, Vec::new());
        while let Some(name) = object.name()? {
            members.push((name, object.value()?));
        }
        if object.ended() { Ok(members) } else { Err(Broken(json.len())) }
    }

    #[test]
    fn members_come_as_they_stand_there() {
        let json = "\n{ \"a\" : 1,\"b\\u0022\":[1,{\"x\":2}] , \"c\":\"\\\"}\",\"d\":-0.5e3\t,\"e\":true,\"f\":null} ";
        let wanted = [
            ("\"a\"", "1"),
            ("\"b\\u0022\"", "[1,{\"x\":2}]"),
            ("\"c\"", "\"\\\"}\""),
            ("\"d\"", "-0.5e3"),
            ("\"e\"", "true"),
            ("\"f\"", "null"),
        ];
        assert_eq!(read(json), Ok(wanted.to_vec()));
        assert_eq!(read("{}"), Ok(Vec::new()));
    }

    #[test]
    fn it_reads_what_serde_reads_and_nothing_else() {
        let whole = r#"{"a":[1,2.5e-3,{"b":"\u4e2d\n"}],"":12,"c":-0,"d":false}"#;
        for at in whole.char_indices().map(|(at, _)| at) {
            for with in ["", "}", "]", ",", ":", "\"", "0", "\\", " ", "\u{1}", "x"] {
                let changed = format!("{}{with}{}", &whole[..at], &whole[at + 1..]);
                let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&changed).is_ok() && changed.starts_with(['{', ' ']);
                assert_eq!(read(&changed).is_ok(), is_json, "{changed}");
            }
        }
    }
}
