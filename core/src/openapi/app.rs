//! One application towards the OpenAPI: its token, its governor and its way to the network, shared by all its clients.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, Weak};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;
use url::Url;

use super::bans::Bans;
use super::governor::Governor;
use super::refusal::{self, Remedy};
use super::token::{Granted, Token};
use super::{Host, Lane, Request};
use crate::config::Secret;
use crate::error::{Error, ErrorKind, Result};
use crate::net::{Network, Route, Sending};
use crate::store::{Kept, Key, Place, State};

/// How often what is safe to repeat is repeated, as DingTalk asks (`best-practices/retry.md`).
const ATTEMPTS: u32 = 3;
const BACKOFF: Duration = Duration::from_millis(500);
/// Where DingTalk says nothing of a token's end.
const TOKEN_LASTS: u64 = 7200;

/// What makes two clients the same application.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) api: String,
    pub(crate) oapi: String,
    pub(crate) route: Route,
    pub(crate) place: Place,
    pub(crate) calls_a_second: usize,
    pub(crate) patience: Duration,
}

/// An application.
pub(crate) struct App {
    identity: Identity,
    network: Arc<Network>,
    store: Kept,
    governor: Governor,
    bans: Bans,
    /// What an ISV proves itself with; DingTalk sends a new one every five hours.
    suite_ticket: Mutex<Option<Secret>>,
}

/// The applications of a process.
#[derive(Default)]
pub(crate) struct Apps(Mutex<HashMap<Identity, Weak<App>>>);

impl Apps {
    pub(crate) fn by(
        &self,
        identity: Identity,
        store: &Kept,
        network: impl FnOnce() -> Result<Arc<Network>>,
    ) -> Result<Arc<App>> {
        let mut apps = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(app) = apps.get(&identity).and_then(Weak::upgrade) {
            return Ok(app);
        }
        let made = Arc::new(App {
            network: network()?,
            store: store.clone(),
            governor: Governor::new(identity.calls_a_second, State::new(store, identity.key("calls", ""))),
            bans: Bans::new(store),
            suite_ticket: Mutex::default(),
            identity: identity.clone(),
        });
        apps.retain(|_, app| app.strong_count() > 0);
        apps.insert(identity, Arc::downgrade(&made));
        Ok(made)
    }
}

impl Identity {
    /// What processes share that call for the same application, and for the same organisation where it is named.
    fn key(&self, kind: &str, corp: &str) -> Key {
        Key::new(kind, &[&self.client_id, self.client_secret.expose(), &self.api, &self.oapi, corp])
    }
}

impl App {
    /// Calls, as often as that does no harm and may help.
    pub(crate) async fn call(&self, request: &Request) -> Result<Value> {
        let (api, base) = (request.api(), self.base(request.host));
        let host = base.split("://").nth(1).unwrap_or(base);
        let (mut attempts, mut waits, mut is_renewed) = (1, 0, false);
        let mut is_permitted = request.is_permitted;
        loop {
            self.bans.check(host).await?;
            let token = self.token(request.corp.as_deref()).await.map_err(|error| error.at("token"))?;
            let url = request.url(base)?;
            // Last, for it is what leaves that is counted, and a token may take its time.
            if !std::mem::take(&mut is_permitted) {
                self.governor.permit(&api, request.lane).await?;
            }
            let (error, remedy, unsent) = match self.send(request, url.clone(), &token).await {
                Ok(response) => match refusal::read(&response) {
                    Ok(answer) => return Ok(answer),
                    Err((error, remedy)) => (error, remedy, false),
                },
                // A file that can't be read, say: nothing changes that.
                Err(failure) if failure.error.kind() == ErrorKind::Argument => (failure.error, Remedy::None, true),
                Err(failure) => (failure.error, Remedy::Repeat, failure.unsent),
            };
            let error = error.asked(request.method.as_str(), &url);
            if remedy == Remedy::NewToken {
                self.held(request.corp.as_deref()).forget(&token).await?;
            }
            match remedy {
                // Its bytes are gone, and only the caller has them; given again, they leave with another token.
                Remedy::NewToken if !request.repeats() => return Err(error.retryable(true)),
                _ if !request.repeats() => return Err(error),
                Remedy::NewToken if !is_renewed => is_renewed = true,
                Remedy::Wait if request.lane == Lane::Passing => {
                    self.governor.refused(&api).await?;
                    return Err(error);
                }
                Remedy::Repeat if request.lane == Lane::Passing => return Err(error),
                // Nothing was done, so this is safe for everything; the governor waits.
                Remedy::Wait if waits < ATTEMPTS => {
                    waits += 1;
                    self.governor.refused(&api).await?;
                }
                Remedy::Repeat if (request.is_safe || unsent) && attempts < ATTEMPTS => {
                    sleep(BACKOFF.mul_f64(f64::from(1 << attempts) * (0.5 + fastrand::f64() / 2.0))).await;
                    attempts += 1;
                }
                Remedy::Ban => {
                    self.bans.add(host).await?;
                    return Err(error);
                }
                Remedy::Repeat if !request.is_safe && !unsent => return Err(unknown(error)),
                _ => return Err(error),
            }
        }
    }

    /// Waits for the turn of a request whose content is decided only then.
    pub(crate) async fn permit(&self, request: &Request) -> Result<()> {
        self.governor.permit(&request.api(), request.lane).await
    }

    /// What an ISV got from DingTalk.
    pub(crate) fn take_suite_ticket(&self, ticket: &str) {
        *lock(&self.suite_ticket) = Some(ticket.into());
    }

    pub(crate) fn network(&self) -> &Network {
        &self.network
    }

    pub(crate) fn patience(&self) -> Duration {
        self.identity.patience
    }

    pub(crate) fn base(&self, host: Host) -> &str {
        match host {
            Host::Api => &self.identity.api,
            Host::Oapi => &self.identity.oapi,
        }
    }

    /// A token for calls, of the application itself or of an organisation's use of it.
    pub(crate) async fn token(&self, corp: Option<&str>) -> Result<Secret> {
        self.held(corp).get(self.fetch_token(corp)).await
    }

    async fn send(
        &self,
        request: &Request,
        mut url: Url,
        token: &Secret,
    ) -> std::result::Result<crate::net::Response, crate::net::Failure> {
        let mut sending = Sending::new(request.method.clone(), self.identity.patience);
        match request.host {
            Host::Api => sending.header("x-acs-dingtalk-access-token", token.expose()),
            Host::Oapi => drop(url.query_pairs_mut().append_pair("access_token", token.expose())),
        }
        if let Some(body) = &request.body {
            sending.body = Some(body.to_string());
        }
        if let Some(upload) = &request.upload {
            sending.form = Some(upload.form().await?);
        }
        self.network.transport.send(&url, sending).await
    }

    async fn fetch_token(&self, corp: Option<&str>) -> Result<Granted> {
        let identity = &self.identity;
        let (path, body) = match corp {
            None => (
                "/v1.0/oauth2/accessToken",
                json!({ "appKey": identity.client_id, "appSecret": identity.client_secret.expose() }),
            ),
            Some(corp) => {
                let ticket = lock(&self.suite_ticket).clone().ok_or_else(|| {
                    Error::new(ErrorKind::Config, "there is no suite ticket yet, which an ISV's token needs").hint(
                        "subscribe events: DingTalk sends suite_ticket every five hours; or hand over a stored one",
                    )
                })?;
                let body = json!({
                    "suiteKey": identity.client_id,
                    "suiteSecret": identity.client_secret.expose(),
                    "authCorpId": corp,
                    "suiteTicket": ticket.expose(),
                });
                ("/v1.0/oauth2/corpAccessToken", body)
            }
        };
        let mut sending = Sending::new(Method::POST, identity.patience);
        sending.body = Some(body.to_string());
        let url = Request::post(path, Value::Null).url(&identity.api)?;
        let asked = |error: Error| error.asked("POST", &url);
        let response = self.network.transport.send(&url, sending).await.map_err(|failure| asked(failure.error))?;
        let answer = refusal::read(&response).map_err(|(error, _)| asked(error))?;
        let token = answer.get("accessToken").and_then(Value::as_str).filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| {
            Error::new(ErrorKind::Protocol, "the answer holds no access token").http(response.status).retryable(true)
        })?;
        let lasts = answer.get("expireIn").and_then(Value::as_u64).unwrap_or(TOKEN_LASTS);
        Ok(Granted { token: token.into(), lasts: Duration::from_secs(lasts) })
    }

    fn held(&self, corp: Option<&str>) -> Token {
        let key = self.identity.key("token", corp.unwrap_or_default());
        Token::new(State::new(&self.store, key), self.identity.patience)
    }
}

/// Whether it was done is not known, and doing it twice would show.
fn unknown(error: Error) -> Error {
    if error.kind() == ErrorKind::Rejected {
        return error;
    }
    error.retryable(false).hint("it may have been done all the same, so it was not sent again")
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
