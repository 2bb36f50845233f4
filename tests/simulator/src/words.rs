//! DingTalk's words for a refusal: `code` and `message` on api.dingtalk.com, `errcode` and `errmsg` on oapi.dingtalk.com.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::platform::Platform;

#[derive(Debug)]
pub(crate) enum Refusal {
    Api { code: String, required_scopes: Option<Vec<String>> },
    Oapi { errcode: i64, errmsg: String, sub: Option<(String, String)> },
}

impl Refusal {
    pub(crate) fn api(code: &str) -> Self {
        Self::Api { code: code.to_owned(), required_scopes: None }
    }

    pub(crate) fn oapi(errcode: i64, errmsg: impl Into<String>) -> Self {
        Self::Oapi { errcode, errmsg: errmsg.into(), sub: None }
    }

    /// The field of a record that tells this refusal from others.
    pub(crate) fn told(&self) -> Value {
        match self {
            Self::Api { code, .. } => json!({"code": code}),
            Self::Oapi { errcode, .. } => json!({"errcode": errcode}),
        }
    }

    pub(crate) fn into_response(self, platform: &Platform, request_id: &str) -> Response {
        match self {
            Self::Api { code, required_scopes } => {
                let (status, body) = api_error(&code, request_id);
                let mut body = body;
                if let Some(scopes) = required_scopes {
                    body["accessdenieddetail"] = json!({"requiredScopes": scopes});
                }
                (status, Json(body)).into_response()
            }
            Self::Oapi { errcode, errmsg, sub } => {
                let mut body = errcode_body(platform, errcode, &errmsg);
                if let Some((code, message)) = sub {
                    (body["sub_code"], body["sub_msg"]) = (json!(code), json!(message));
                }
                Json(body).into_response()
            }
        }
    }
}

/// Status and body of a refusal by api.dingtalk.com.
pub(crate) fn api_error(code: &str, request_id: &str) -> (StatusCode, Value) {
    let known = API_ERRORS.iter().find(|(known, ..)| *known == code);
    let (status, message) = known.map_or((400, code), |(_, status, message)| (*status, *message));
    let body = json!({"code": code, "requestid": request_id, "message": message});
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), body)
}

/// The documents print the errcode as a number, and in one sample as a string.
pub(crate) fn errcode_body(platform: &Platform, errcode: i64, errmsg: &str) -> Value {
    let as_text = platform.settings.get().string_errcodes;
    let errcode = if as_text { json!(errcode.to_string()) } else { json!(errcode) };
    json!({"errcode": errcode, "errmsg": errmsg})
}

const SUSPENDED: &str = "您的企业应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了";

/// As the documents print them; where they print `%s`, their explanation stands.
const API_ERRORS: &[(&str, u16, &str)] = &[
    ("InvalidAuthentication", 400, "不合法的access_token"),
    ("InvalidAction.NotFound", 404, "Specified api is not found, please check your url and method."),
    ("authFailed", 401, "鉴权失败"),
    ("invalidClientIdOrSecret", 400, "无效的clientId或者clientSecret"),
    ("invalidSuiteKey", 400, "suitekey不合法"),
    ("invalidSuiteTicket", 400, "suiteTicket无效"),
    ("invalidAuthInfo", 400, "授权关系不存在"),
    (
        "Forbidden.AccessDenied.AccessTokenPermissionDenied",
        403,
        "没有调用该接口的权限，接口权限申请参考：https://open.dingtalk.com/document/orgapp-server/add-api-permission",
    ),
    ("Forbidden.AccessDenied.IpNotInWhiteList", 403, "访问ip不在白名单之中"),
    ("Forbidden.AccessDenied.QpsLimitForApi", 403, "您的服务器调用钉钉开放平台当前接口的所有请求都被暂时禁用了"),
    ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403, SUSPENDED),
    ("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", 403, SUSPENDED),
    (
        "Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi",
        403,
        "您的ISV应用调用钉钉开放平台当前接口的所有请求都被暂时禁用了",
    ),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", 403, "当前企业本月的接口调用次数已达上限"),
    ("system.busy", 500, "系统繁忙"),
    ("systemBusy", 429, "请求太频繁"),
    ("system.error", 500, "未知的系统错误"),
    ("send.ding.exception", 500, "发送DING消息异常"),
    ("unknown.send.result", 400, "未知的发送结果"),
    ("send.too.fast", 400, "发送消息频率过快，请稍后再试"),
    ("send.byToken.tooFast", 400, "用TOKEN发送限流错误，请稍后再试"),
    ("too.many.group", 400, "发送频繁限流"),
    ("too.many.people", 400, "发送频繁限流"),
    ("invalidParameter.msgBody.invalid", 400, "body必须是JSON"),
    ("invalidParameter.param.invalid", 400, "参数不合法，请检查是否有参数为空"),
    ("invalidParameter.robotCode", 400, "机器人不存在，请检查企业内是否安装了robotCode对应的机器人"),
    ("invalidParameter.robotCode.empty", 400, "机器人robotCode为空"),
    ("invalidParameter.robotCode.missing", 400, "缺少robotCode"),
    ("invalidParameter.robotCode.auth", 400, "此应用appkey和机器人robotCode不匹配，请使用机器人应用的appkey"),
    ("invalidParameter.robotCode.coolApp", 400, "酷应用编码无效"),
    ("invalidParameter.robotCode.downloadCode", 400, "下载码有误或者已经过期"),
    ("invalidParameter.robotCode.notExsit", 400, "机器人不存在，请检查企业内是否安装了robotCode对应的机器人"),
    ("invalidParameter.userIds.empty", 400, "用户userId列表为空"),
    ("invalidParameter.userIds.overMax", 400, "用户userId列表超过最大限制"),
    ("invalidParameter.userId.empty", 400, "缺少staffId"),
    ("invalidParameter.msgKey.empty", 400, "msgKey为空"),
    ("invalidParameter.msgKey.invalid", 400, "msgKey无效，请传入正确的msgKey"),
    ("invalidParameter.msgParam.invalid", 400, "msgParam格式非法，必须是json格式"),
    ("invalidParameter.msgParam.tooLong", 400, "消息内容太长"),
    ("invalidParameter.processQueryKey.missing", 400, "缺少processQueryKey"),
    ("invalidParameter.processQueryKeys.overMax", 400, "processQueryKeys超过数量上限20"),
    ("invalidParameter.cursor.invalid", 400, "无效的nextToken"),
    ("invalidParameter.pageSize.invalid", 400, "无效的maxResults"),
    ("invalid.processQueryKey", 400, "无效的processQueryKey"),
    ("processQueryKey.expireTime", 400, "processQueryKey还未生成消息查询数据或已过期"),
    ("robot.processQueryKey.expired", 400, "processQueryKey已过期，无法撤回消息"),
    ("not.allowed.robotCode", 400, "待撤回的消息不是robotCode对应的机器人发出的，无权限撤回消息"),
    ("miss.openConversationId", 400, "缺少openConversationId"),
    ("invalid.openConversationId", 400, "无效的openConversationId"),
    ("invalid.chatbotId", 400, "无效的机器人id"),
    ("miss.staffId", 400, "无效的接收者id"),
    ("miss.chatbotId", 400, "缺少robotCode"),
    ("ding.receivercount.limit", 400, "ding receiver count limit"),
    ("miss.param.contentOfText", 400, "消息内容不合法，需要text->content属性"),
    ("miss.param.markdownTotitle", 400, "消息内容不合法，需要markdown->title属性"),
    ("miss.param.markdownTotext", 400, "消息内容不合法，需要markdown->text属性"),
    ("miss.param.photoTophotoUrl", 400, "消息内容不合法，需要photo->photoURL属性"),
    ("miss.param.textOfLink", 400, "消息内容不合法，需要link->text属性"),
    ("miss.param.titleOfLink", 400, "消息内容不合法，需要link->title属性"),
    ("miss.param.messageUrlOfLink", 400, "消息内容不合法，需要link->messageUrl属性"),
    ("miss.param.actionCardTotitle", 400, "消息内容不合法，需要actionCard->title属性"),
    ("miss.param.actionCardTotext", 400, "消息内容不合法，需要actionCard->text属性"),
    ("miss.param.actionCardTosingleTitle", 400, "消息内容不合法，需要actionCard->singleTitle属性"),
    ("miss.param.actionCardTosingleUrl", 400, "消息内容不合法，需要actionCard->singleURL属性"),
    ("miss.param.actionCardTobtnsTotitle", 400, "消息内容不合法，需要actionCard->btns->title属性"),
    ("miss.param.actionCardTobtnsToactionUrl", 400, "消息内容不合法，需要actionCard->btns->actionURL属性"),
    ("miss.param.audio", 400, "消息内容不合法，需要audio属性"),
    ("miss.param.file", 400, "消息内容不合法，需要file属性"),
    ("miss.param.video", 400, "消息内容不合法，需要video->videoMediaId属性"),
    ("param.callbackRouteKeyExist", 500, "param.callbackRouteKeyExist"),
    ("param.spaceDeliverModelEmpty", 400, "param.spaceDeliverModelError"),
    ("param.stream.outTrackId", 400, "card is not exist"),
    ("param.stream.isFull", 400, "streaming update the parameter isFull is null"),
    ("param.stream.content", 400, "content is too large (200092)"),
];
