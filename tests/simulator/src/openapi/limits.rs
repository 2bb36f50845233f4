//! What holds calls back before anybody looks at them: addresses, permissions, calls a second, calls a month, and the
//! ban of an address that calls too much.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::call::{Call, Host};
use crate::faults::BLOCKED_PAGE;
use crate::networks;
use crate::pace::Pace;
use crate::platform::Platform;
use crate::settings::Settings;
use crate::token::Caller;
use crate::words::Refusal;

const SECOND_MS: u64 = 1_000;
const ADDRESS_SPAN_MS: u64 = 20_000;
const BAN_MS: u64 = 300_000;
/// DingTalk counts by the calendar; 30 days make a test say the same all year.
const MONTH_MS: u64 = 30 * 24 * 3_600_000;

/// `POST /_sim/break`, `"what":"ban"`.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Ban {
    /// DingTalk's odd object in place of its page.
    json: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Limits(Mutex<Counters>);

#[derive(Debug, Default)]
struct Counters {
    /// By caller, and method and path.
    seconds: HashMap<(String, Option<String>, String), Pace>,
    /// By corp.
    months: HashMap<Option<String>, Pace>,
    address: Pace,
    ban: Option<(Ban, u64)>,
}

impl Limits {
    pub(crate) fn ban(&self, ban: Ban, now: u64) {
        self.lock().ban = Some((ban, now + BAN_MS));
    }

    pub(crate) fn lift_ban(&self) {
        let mut counters = self.lock();
        (counters.ban, counters.address) = (None, Pace::default());
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Counters::default();
    }

    pub(super) fn check(&self, platform: &Platform, caller: &Caller, call: &Call) -> Result<(), Refusal> {
        let (settings, host) = (platform.settings.get(), call.host());
        if !may_come_from(&settings) {
            return Err(host.refusal_of_address());
        }
        if let Some(scopes) = settings.denied_scopes.get(&call.path) {
            return Err(host.refusal_of_permission(scopes));
        }
        let now = platform.clock.now();
        let mut counters = self.lock();
        // An API is a path and a method: a card is made and changed at one path.
        let place = (caller.client_id.clone(), caller.corp_id.clone(), call.api());
        if settings.qps > 0 && !counters.seconds.entry(place).or_default().admit(now, SECOND_MS, settings.qps) {
            return Err(host.refusal_of_pace(caller));
        }
        let month = counters.months.entry(caller.corp_id.clone()).or_default();
        if settings.monthly_quota.is_some_and(|quota| !month.admit(now, MONTH_MS, quota)) {
            return Err(host.refusal_of_quota());
        }
        Ok(())
    }

    /// The ban that holds now, be it that this call brings it about.
    fn ban_of(&self, now: u64, most: usize) -> Option<Ban> {
        let mut counters = self.lock();
        if let Some((ban, until)) = counters.ban
            && now < until
        {
            return Some(ban);
        }
        counters.ban = (!counters.address.admit(now, ADDRESS_SPAN_MS, most)).then(|| (Ban::default(), now + BAN_MS));
        counters.ban.map(|(ban, _)| ban)
    }

    fn lock(&self) -> MutexGuard<'_, Counters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn may_come_from(settings: &Settings) -> bool {
    let Some(allowed) = &settings.ip_whitelist else {
        return true;
    };
    // They were parsed when they were set.
    networks::hold(&networks::parse(allowed).unwrap_or_default(), settings.egress_ip)
}

/// Stands before everything that DingTalk's hosts serve.
pub(crate) async fn turn_away(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let most = platform.settings.get().calls_in_20s;
    let Some(ban) = platform.limits.ban_of(platform.clock.now(), most) else {
        return next.run(request).await;
    };
    let response = match ban {
        Ban { json: false } => Html(BLOCKED_PAGE).into_response(),
        Ban { json: true } => {
            let uuid = platform.dice.uuid();
            Json(json!({"status": 1111, "wait": 5, "source": "x5", "punish": "deny", "uuid": uuid})).into_response()
        }
    };
    platform.record(
        "request",
        json!({
            "method": request.method().as_str(),
            "path": request.uri().path(),
            "status": response.status().as_u16(),
            "banned": true,
        }),
    );
    response
}

impl Host {
    fn refusal_of_address(self) -> Refusal {
        match self {
            Self::Api => Refusal::api("Forbidden.AccessDenied.IpNotInWhiteList"),
            Self::Oapi => Refusal::oapi(60_020, "访问ip不在白名单之中"),
        }
    }

    fn refusal_of_permission(self, scopes: &[String]) -> Refusal {
        let code = "Forbidden.AccessDenied.AccessTokenPermissionDenied".to_owned();
        match self {
            Self::Api => Refusal::Api { code, required_scopes: Some(scopes.to_vec()) },
            Self::Oapi => Refusal::Oapi {
                errcode: 88,
                errmsg: "鉴权异常".to_owned(),
                sub: Some(("60011".to_owned(), format!("没有调用该接口的权限：[{}]", scopes.join(",")))),
            },
        }
    }

    fn refusal_of_pace(self, caller: &Caller) -> Refusal {
        match (self, &caller.corp_id) {
            (Self::Api, None) => Refusal::api("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
            (Self::Api, Some(_)) => Refusal::api("Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi"),
            (Self::Oapi, _) => Refusal::oapi(90_018, "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了"),
        }
    }

    fn refusal_of_quota(self) -> Refusal {
        match self {
            Self::Api => Refusal::api("Forbidden.AccessDenied.ApiCountLimitForOrg"),
            Self::Oapi => Refusal::oapi(90_020, "当前企业本月的接口调用次数已达上限"),
        }
    }
}
