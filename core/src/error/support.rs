//! What DingTalk's support asks for (`best-practices/openapi-exception`), without anything that is nobody's business.

use url::Url;

use super::Error;

impl Error {
    /// Says which request it was about: its method and address, without the query, which may hold a token.
    pub(crate) fn asked(mut self, method: &str, url: &Url) -> Self {
        if self.0.request.is_empty() {
            self.0.request = format!("{method} {}{}", url.origin().ascii_serialization(), url.path());
        }
        self
    }

    /// Says which application it was about.
    pub(crate) fn of_app(mut self, client_id: &str) -> Self {
        client_id.clone_into(&mut self.0.client_id);
        self
    }

    /// What to send to DingTalk's support, or to whoever helps: one line a fact, those that are known. It holds the client
    /// id, and no secret.
    pub fn support_text(&self) -> String {
        let status = match self.http_status() {
            0 => String::new(),
            status => status.to_string(),
        };
        let facts = [
            ("time", httpdate::fmt_http_date(self.0.time)),
            ("client id", self.0.client_id.clone()),
            ("request", self.0.request.clone()),
            ("stage", self.stage().to_owned()),
            ("HTTP status", status),
            ("code", self.platform_code().to_owned()),
            ("request id", self.request_id().to_owned()),
            ("error", format!("{}: {}", self.kind(), self.message())),
            ("library", concat!("dingstream ", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        let known = facts.iter().filter(|(_, fact)| !fact.is_empty());
        known.map(|(name, fact)| format!("{name}: {fact}\n")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn support_is_told_all_but_secrets() {
        let url =
            Url::parse("https://user:planted@api.dingtalk.com/v1.0/x?access_token=planted#planted").expect("a URL");
        let error =
            Error::new(ErrorKind::Quota, "the quota is used up").http(403).platform("ApiCountLimitForOrg", "r-1");
        let told = error.at("call:request").asked("POST", &url).of_app("ding-1").support_text();
        let (time, rest) = told.split_once('\n').expect("lines");
        assert!(time.starts_with("time: ") && time.ends_with(" GMT"));
        assert_eq!(
            rest,
            "client id: ding-1\nrequest: POST https://api.dingtalk.com/v1.0/x\nstage: call:request\nHTTP status: 403\n\
             code: ApiCountLimitForOrg\nrequest id: r-1\nerror: quota: the quota is used up\nlibrary: dingstream 0.1.0\n"
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        assert_eq!(Error::new(ErrorKind::Argument, "x").support_text().lines().count(), 3);
    }
}
