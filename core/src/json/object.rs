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
    /// In how many objects and lists of the text it is.
    depth: u8,
}

/// How deep it walks itself; what is deeper is left to serde, whose stack does not grow with it.
const DEEP: u8 = 8;

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
        let mut object = Self { json, at: 0, is_first: true, depth: 0 };
        if object.peek() != Some(b'{') {
            return Err(object.broken());
        }
        object.at += 1;
        Ok(object)
    }

    /// The next name in its quotes; `None` at the end.
    pub(crate) fn name(&mut self) -> Result<Option<&'a str>, Broken> {
        Ok(self.next()?.map(|name| name.raw))
    }

    pub(super) fn next(&mut self) -> Result<Option<Name<'a>>, Broken> {
        let is_first = std::mem::take(&mut self.is_first);
        match self.peek() {
            Some(b'}') => {
                self.at += 1;
                return Ok(None);
            }
            Some(b',') if !is_first => self.at += 1,
            _ if is_first => {}
            _ => return Err(self.broken()),
        }
        self.peek();
        let (from, is_escaped) = (self.at, self.skip_string()?);
        let raw = &self.json[from..self.at];
        if self.peek() != Some(b':') {
            return Err(self.broken());
        }
        self.at += 1;
        Ok(Some(Name { raw, is_escaped }))
    }

    /// The value, as it stands there.
    pub(crate) fn value(&mut self) -> Result<&'a str, Broken> {
        let begins = self.peek();
        let from = self.at;
        match begins {
            Some(b'"') => drop(self.skip_string()?),
            Some(b'{') if self.depth < DEEP => self.each(|_, _| {})?,
            Some(b'[') if self.depth < DEEP => self.skip_list()?,
            Some(b'{' | b'[') => self.skip_any()?,
            _ => self.skip_word()?,
        }
        Ok(&self.json[from..self.at])
    }

    /// The value as it stands there, and, where it is an object, each of its members by name and value.
    pub(crate) fn members(&mut self, take: impl FnMut(&'a str, &'a str)) -> Result<&'a str, Broken> {
        if self.peek() != Some(b'{') {
            return self.value();
        }
        let from = self.at;
        self.each(take)?;
        Ok(&self.json[from..self.at])
    }

    /// Walks through the object that begins here.
    fn each(&mut self, mut take: impl FnMut(&'a str, &'a str)) -> Result<(), Broken> {
        let mut inner = self.inner();
        while let Some(name) = inner.name()? {
            take(name, inner.value()?);
        }
        self.at = inner.at;
        Ok(())
    }

    /// What the value says where it is a string; else it is still to be read.
    pub(crate) fn text(&mut self) -> Result<Option<String>, Broken> {
        if self.peek() != Some(b'"') {
            return Ok(None);
        }
        let (said, end) = string::read(self.json, self.at + 1).ok_or(self.broken())?;
        self.at = end;
        Ok(Some(said))
    }

    /// Whether nothing follows.
    pub(super) fn ended(mut self) -> bool {
        self.peek().is_none()
    }

    fn skip_list(&mut self) -> Result<(), Broken> {
        let mut inner = self.inner();
        let mut ended = inner.peek() == Some(b']');
        while !ended {
            inner.value()?;
            ended = match inner.peek() {
                Some(b',') => false,
                Some(b']') => true,
                _ => return Err(inner.broken()),
            };
            inner.at += usize::from(!ended);
        }
        self.at = inner.at + 1;
        Ok(())
    }

    /// What reads inside of the object or list that begins here.
    fn inner(&self) -> Self {
        Self { json: self.json, at: self.at + 1, is_first: true, depth: self.depth + 1 }
    }

    /// A string; whether anything in it is escaped.
    fn skip_string(&mut self) -> Result<bool, Broken> {
        let begins = self.json.as_bytes().get(self.at) == Some(&b'"');
        let end = if begins { string::end(self.json, self.at + 1) } else { None };
        let (end, is_escaped) = end.ok_or(self.broken())?;
        self.at = end;
        Ok(is_escaped)
    }

    /// A number or a name. Most numbers are whole; all others are left to serde.
    fn skip_word(&mut self) -> Result<(), Broken> {
        let rest = &self.json[self.at..];
        let word = &rest[..rest.bytes().take_while(u8::is_ascii_alphanumeric).count()];
        let is_whole = || !word.starts_with('0') && word.bytes().all(|byte| byte.is_ascii_digit());
        match rest.as_bytes().get(word.len()) {
            Some(b',' | b'}' | b']')
                if matches!(word, "true" | "false" | "null") || (!word.is_empty() && is_whole()) =>
            {
                self.at += word.len();
                Ok(())
            }
            _ => self.skip_any(),
        }
    }

    fn skip_any(&mut self) -> Result<(), Broken> {
        let mut rest = serde_json::Deserializer::from_str(&self.json[self.at..]).into_iter::<IgnoredAny>();
        match rest.next() {
            Some(Ok(IgnoredAny)) => self.at += rest.byte_offset(),
            _ => return Err(self.broken()),
        }
        Ok(())
    }

    /// What comes behind white space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let next = self.json.as_bytes().get(self.at).copied();
            if !matches!(next, Some(b' ' | b'\t' | b'\r' | b'\n')) {
                return next;
            }
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
                let is_json =
                    serde_json::from_str::<serde::de::IgnoredAny>(&changed).is_ok() && changed.starts_with(['{', ' ']);
                assert_eq!(read(&changed).is_ok(), is_json, "{changed}");
            }
        }
    }
}
