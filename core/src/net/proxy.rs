//! Which proxy a destination is reached through: one that was named, what the environment says, or none.

use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::error::{Error, ErrorKind, Result, config};
use crate::secret::Secret;

/// The proxies of a route. They may hold passwords, so nothing here is ever shown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Proxies {
    /// None at all.
    Direct,
    /// This one, for everything.
    One(Secret),
    /// What the environment said when the client connected first.
    Environment { http: Secret, https: Secret, all: Secret, except: String },
}

impl Proxies {
    /// From an option: a URL, `direct`, or empty for the environment.
    pub(crate) fn from_option(name: &str, option: &Secret) -> Result<Self> {
        match option.expose().trim() {
            "" => Ok(Self::from_environment()),
            "direct" => Ok(Self::Direct),
            url => Ok(Self::One(checked(name, url)?.into())),
        }
    }

    fn from_environment() -> Self {
        let read = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
        // Whoever sends a CGI program a header named `Proxy` sets this variable there.
        let http = if std::env::var_os("REQUEST_METHOD").is_some() {
            &["http_proxy"][..]
        } else {
            &["http_proxy", "HTTP_PROXY"]
        };
        Self::Environment {
            http: read(http).into(),
            https: read(&["https_proxy", "HTTPS_PROXY"]).into(),
            all: read(&["all_proxy", "ALL_PROXY"]).into(),
            except: read(&["no_proxy", "NO_PROXY"]),
        }
    }

    /// Answers which proxy a destination takes.
    pub(crate) fn matcher(&self) -> Matcher {
        match self {
            Self::Direct => Matcher::builder().build(),
            Self::One(url) => Matcher::builder().all(url.expose()).build(),
            Self::Environment { http, https, all, except } => Matcher::builder()
                .http(http.expose())
                .https(https.expose())
                .all(all.expose())
                .no(except.as_str())
                .build(),
        }
    }
}

/// The name service behind a SOCKS proxy is asked, never the one of this machine: it may know nothing of the world.
fn checked(name: &str, text: &str) -> Result<String> {
    let wrong = || {
        config(format!("{name} is no http, https or socks5 URL with a host"))
            .hint("write it as http://user:password@host:port, with what is special in the password percent-encoded")
    };
    let url = Url::parse(text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    Ok(text.to_owned())
}

/// A proxy did not let a connection through; `told` is what it said.
pub(crate) fn refused(told: &str) -> Error {
    let error = Error::new(ErrorKind::Network, format!("the proxy refused the connection ({told})"));
    if told.contains("407") || told.contains("auth") {
        error.hint("check the user and password of the proxy")
    } else {
        error.hint("check that the proxy allows this host and port, also for CONNECT")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxy_for(proxies: &Proxies, destination: &str) -> Option<String> {
        let found = proxies.matcher().intercept(&destination.parse().expect("a URI"))?;
        Some(found.uri().to_string())
    }

    #[test]
    fn a_named_proxy_takes_everything() {
        let proxies = Proxies::from_option("proxy", &"http://u:p@h:3128".into()).expect("valid");
        assert_eq!(proxy_for(&proxies, "https://a:443").as_deref(), Some("http://h:3128/"));
        assert_eq!(proxy_for(&proxies, "http://b:80").as_deref(), Some("http://h:3128/"));
        let direct = Proxies::from_option("proxy", &"direct".into()).expect("valid");
        assert_eq!(proxy_for(&direct, "https://a:443"), None);
    }

    #[test]
    fn the_environment_tells_schemes_apart_and_knows_exceptions() {
        let proxies = Proxies::Environment {
            http: "http://plain:1".into(),
            https: "http://secure:2".into(),
            all: Secret::default(),
            except: "localhost,.internal".to_owned(),
        };
        assert_eq!(proxy_for(&proxies, "http://a:80").as_deref(), Some("http://plain:1/"));
        assert_eq!(proxy_for(&proxies, "https://a:443").as_deref(), Some("http://secure:2/"));
        assert_eq!(proxy_for(&proxies, "https://x.internal:443"), None);
    }

    #[test]
    fn what_is_no_proxy_is_refused_without_showing_it() {
        for url in ["ftp://planted:planted@h", "planted", "http://", "socks4://planted@h"] {
            let error = Proxies::from_option("proxy", &url.into()).err().expect("refused");
            assert!(!format!("{error:?}").contains("planted"), "{error}");
        }
    }
}
