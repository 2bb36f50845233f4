//! One sample of `data` for the events that applications meet most, as DingTalk's documents print them.

const SAMPLES: &[(&str, &str)] = &[
    ("user_add_org", r#"{"timeStamp":"1685501863357","userId":["0156231227"]}"#),
    (
        "user_modify_org",
        r#"{"timeStamp":"1608017258073","diffInfo":{"prev":{"name":"小钉","workPlace":"杭州"},"curr":{"name":"小钉","workPlace":"北京"},"userid":"user123456"},"userId":["user123456"]}"#,
    ),
    ("user_leave_org", r#"{"timeStamp":"1685501863357","userId":["0156231227"]}"#),
    (
        "bpms_instance_change",
        r#"{"result":"agree","processInstanceId":"9Qgx5QqjR7axMwgV","finishTime":1495592272000,"createTime":1495592305000,"processCode":"PROC-27BBC5E6","bizCategoryId":"2023021","businessId":"yewu1","type":"finish","title":"自测-1016","businessType":"yewu1","url":"https://aflow.dingtalk.com/dingtalk/mobile/homepage.htm","staffId":"manager75"}"#,
    ),
    (
        "bpms_task_change",
        r#"{"result":"agree","processInstanceId":"ce133dd0-7f40-4f4e-9f4b-2f6c2b4f9a11","finishTime":1670983893000,"createTime":1670983873000,"processCode":"PROC-27BBC5E6","bizCategoryId":"attendance.goout","businessId":"202212140938","remark":"同意","type":"finish","title":"考勤-测试","taskId":811165,"staffId":"08058646137"}"#,
    ),
    (
        "chat_add_member",
        r#"{"timeStamp":1608027106990,"unionId":["3rBUQnKiPQiEiE"],"chatId":"chat28367b8c","corpId":"dinge8a56572f80b","operatorUnionId":"iis6fGqqqt87iEiE","eventType":"chat_add_member","userId":["user456"],"openConversationId":"cidiis6fGqqqt87==","operator":"10203029011219896"}"#,
    ),
    (
        "chat_remove_member",
        r#"{"timeStamp":1608027106990,"unionId":["3rBUQnKiPQiEiE"],"chatId":"chat28367b8c","corpId":"dinge8a56572f80b","operatorUnionId":"iis6fGqqqt87iEiE","userId":["user456"],"openConversationId":"cidiis6fGqqqt87==","operator":"10203029011219896"}"#,
    ),
    (
        "chat_update_title",
        r#"{"timeStamp":1608027247528,"chatId":"chat676e50a07","corpId":"dinge8a56572f80b","operatorUnionId":"ZPbvHDiEiE","title":"开放平台","openConversationId":"cidmfWQJ7==","operator":"user456"}"#,
    ),
    (
        "chat_update_owner",
        r#"{"owner":"manager4220","timeStamp":1608026611710,"corpId":"dinge8a56572f80b","operatorUnionId":"ZPbvHDiEiE","openConversationId":"cidmfWQJ7=="}"#,
    ),
    (
        "chat_disband",
        r#"{"timeStamp":1608030111461,"chatId":"chat7795eead805","corpId":"dinge8a56572f80b","operatorUnionId":"ZPbvHDiEiE","openConversationId":"cid1MFt2YA6gA==","operator":"user12345"}"#,
    ),
    (
        "chat_quit",
        r#"{"timeStamp":1608030111461,"chatId":"chat7795eead805","corpId":"dinge8a56572f80b","operatorUnionId":"ZPbvHDiEiE","openConversationId":"cid1MFt2YA6gA==","operator":"user12345"}"#,
    ),
    (
        "attendance_check_record",
        r#"{"dataList":[{"address":"文一西路969号","corpId":"dinge8a56572f80b","checkTime":1570791880000,"locationResult":"Normal","groupId":"4C63A1","latitude":30.285230848524307,"bizId":"FF62A1","locationMethod":"MAP","userId":"0126231227","deviceSN":"160A6KN0294","checkByUser":true,"longitude":120.01713514539931}]}"#,
    ),
    (
        "attend_bossCheck_change",
        r#"{"workDate":"2020-11-10 00:00:00","action":"attend_bossCheck_update","planId":123,"userId":"001"}"#,
    ),
    ("check_in", r#"{"timeStamp":1495542282000,"staffId":"0805864613"}"#),
    (
        "calendar_event_change",
        r#"{"calendarEventId":"eWFOdXI5bjZI","calendarEventUpdateTime":168489710004,"calendarId":"primary","unionIdList":["AlmQwiEiE"],"changeType":"create","operator":{"type":"user"},"legacyCalendarEventId":"bGVnYWN5"}"#,
    ),
    (
        "robot_msg_read",
        r#"{"unionId":"sdjkqwheda","operatTime":"1654641965416","robotCode":"dingnxkjdhasdw","openConversationId":"cidajsdhqwiocid111","userId":"manager","processQueryKey":"dsadfsafaewsrdefe"}"#,
    ),
    (
        "robot_msg_recall",
        r#"{"unionId":"sdjkqwheda","operatTime":1654641965416,"robotCode":"dingnxkjdhasdw","openConversationId":"cidajsdhqwiocid111","userId":"manager","processQueryKey":"dsadfsafaewsrdefe"}"#,
    ),
    ("suite_ticket", r#"{"suiteTicket":"QsfJCEVF1h6E9fAaGwnAzbvYz"}"#),
    (
        "org_suite_auth",
        r#"{"authCorpInfo":{"corpid":"dinge8a56572f80b","corpName":"测试企业"},"permanentCode":"68QKuTAkg","authUserInfo":{"userId":"manager92"},"authScope":{"errcode":0},"authInfo":{"agent":[{"agentid":2574805120}]}}"#,
    ),
];

/// The `data` of an event whose test gave none.
pub(crate) fn sample(event_type: &str) -> &'static str {
    SAMPLES.iter().find(|(name, _)| *name == event_type).map_or("{}", |(_, data)| data)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_sample_is_an_object() {
        for (name, data) in SAMPLES {
            assert!(serde_json::from_str::<Value>(data).is_ok_and(|data| data.is_object()), "{name}");
        }
    }
}
