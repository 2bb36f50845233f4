//! Golden vectors: the documented bodies, byte for byte.

use super::*;

fn webhook(message: &Message) -> String {
    message.to_webhook().expect("carried").to_string()
}

fn openapi(message: &Message) -> (&'static str, String) {
    let encoded = message.to_openapi().expect("carried");
    (encoded.key, encoded.param)
}

fn buttons(count: usize) -> Vec<Button> {
    (1..=count).map(|index| Button::new(format!("b{index}"), format!("https://u{index}"))).collect()
}

#[test]
fn every_type_has_its_documented_webhook_body() {
    let text = Message::text("我就是我, @180 是不一样的烟火").at_mobile("180").at_user("user123");
    let rows = [
        (Message::text("hi"), r#"{"msgtype":"text","text":{"content":"hi"}}"#),
        (
            text,
            r#"{"msgtype":"text","text":{"content":"我就是我, @180 是不一样的烟火 @user123"},"at":{"atMobiles":["180"],"atUserIds":["user123"],"isAtAll":false}}"#,
        ),
        (
            Message::markdown("t", "**x**").at_all(),
            r#"{"msgtype":"markdown","markdown":{"title":"t","text":"**x**"},"at":{"atMobiles":[],"atUserIds":[],"isAtAll":true}}"#,
        ),
        (
            Message::link("时代的火车向前开", "x", "https://www.dingtalk.com/"),
            r#"{"msgtype":"link","link":{"text":"x","title":"时代的火车向前开","picUrl":"","messageUrl":"https://www.dingtalk.com/"}}"#,
        ),
        (
            Message::action_card("t", "x", buttons(1)),
            r#"{"msgtype":"actionCard","actionCard":{"title":"t","text":"x","btnOrientation":"0","singleTitle":"b1","singleURL":"https://u1"}}"#,
        ),
        (
            Message::action_card("t", "x", buttons(2)).horizontal(),
            r#"{"msgtype":"actionCard","actionCard":{"title":"t","text":"x","btnOrientation":"1","btns":[{"title":"b1","actionURL":"https://u1"},{"title":"b2","actionURL":"https://u2"}]}}"#,
        ),
        (
            Message::feed_card([Entry::new("a", "https://u", "p")]),
            r#"{"msgtype":"feedCard","feedCard":{"links":[{"title":"a","messageURL":"https://u","picURL":"p"}]}}"#,
        ),
    ];
    for (message, body) in rows {
        assert_eq!(webhook(&message), body);
    }
}

#[test]
fn every_type_has_its_documented_key_and_param() {
    let rows = [
        (Message::text("x"), "sampleText", r#"{"content":"x"}"#),
        (Message::markdown("t", "x"), "sampleMarkdown", r#"{"title":"t","text":"x"}"#),
        (
            Message::link("t", "x", "https://u").picture("@p"),
            "sampleLink",
            r#"{"text":"x","title":"t","picUrl":"@p","messageUrl":"https://u"}"#,
        ),
        (
            Message::action_card("t", "x", buttons(1)),
            "sampleActionCard",
            r#"{"title":"t","text":"x","singleTitle":"b1","singleURL":"https://u1"}"#,
        ),
        (
            Message::action_card("t", "x", buttons(3)),
            "sampleActionCard3",
            r#"{"title":"t","text":"x","actionTitle1":"b1","actionURL1":"https://u1","actionTitle2":"b2","actionURL2":"https://u2","actionTitle3":"b3","actionURL3":"https://u3"}"#,
        ),
        (
            Message::action_card("t", "x", buttons(2)).horizontal(),
            "sampleActionCard6",
            r#"{"title":"t","text":"x","buttonTitle1":"b1","buttonUrl1":"https://u1","buttonTitle2":"b2","buttonUrl2":"https://u2"}"#,
        ),
        (Message::image("@p"), "sampleImageMsg", r#"{"photoURL":"@p"}"#),
        (Message::audio("@a", 4000), "sampleAudio", r#"{"mediaId":"@a","duration":"4000"}"#),
        (
            Message::file("@f", "表格.xlsx"),
            "sampleFile",
            r#"{"mediaId":"@f","fileName":"表格.xlsx","fileType":"xlsx"}"#,
        ),
        (
            Message::video("$v", "$c", 5),
            "sampleVideo",
            r#"{"duration":"5","videoMediaId":"$v","videoType":"mp4","picMediaId":"$c"}"#,
        ),
    ];
    for (message, key, param) in rows {
        assert_eq!(openapi(&message), (key, param.to_owned()));
    }
}

#[test]
fn what_a_way_can_not_carry_is_refused_with_what_can() {
    let refused = |error: crate::Error| error.to_string();
    let image = Message::image("@p").to_webhook().expect_err("refused");
    assert!(refused(image).contains("a webhook carries no image message: send it by OpenAPI"));
    let feed = Message::feed_card([Entry::new("a", "https://u", "p")]).to_openapi().expect_err("refused");
    assert!(refused(feed).contains("OpenAPI carries no feed_card message: reply with it by session webhook"));
    let six = Message::action_card("t", "x", buttons(6)).to_openapi().expect_err("refused");
    assert!(refused(six).contains("no action card with 6 buttons: give up to five"));
    let three = Message::action_card("t", "x", buttons(3)).horizontal().to_openapi().expect_err("refused");
    assert!(refused(three).contains("no 3 buttons beside each other"));
    assert!(Message::file("@f", "report").to_openapi().is_err());
}

#[test]
fn sizes_are_counted_in_bytes_before_anything_is_sent() {
    let long = Message::text("字".repeat(6600));
    assert_eq!(long.to_webhook().expect("fits").to_string().len(), 19840);
    let kinds =
        |message: Message| (message.to_webhook().map_err(|e| e.kind()), message.to_openapi().map_err(|e| e.kind()));
    let (webhook, openapi) = kinds(Message::text("字".repeat(6700)));
    assert_eq!((webhook.err(), openapi.err()), (Some(crate::ErrorKind::TooLarge), Some(crate::ErrorKind::TooLarge)));
    let many = (0..51).fold(Message::text("x"), |message, index| message.at_user(index.to_string()));
    assert!(many.to_webhook().expect_err("refused").to_string().contains("at_user_ids holds 51 entries"));
}

#[test]
fn json_goes_both_ways() {
    let messages = [
        Message::markdown("t", "x").at_mobile("138").at_user("u").at_all(),
        Message::link("t", "x", "https://u").picture("p"),
        Message::action_card("t", "x", buttons(2)).horizontal(),
        Message::feed_card([Entry::new("a", "https://u", "p")]),
        Message::audio("@a", 1),
        Message::video("$v", "$c", 5),
    ];
    for message in messages {
        let json = message.to_json().to_string();
        assert!(Message::from_json(&json).expect("the same") == message, "{json}");
    }
    assert_eq!(
        Message::markdown("t", "x").at_mobile("138").at_all().to_json().to_string(),
        r#"{"type":"markdown","title":"t","text":"x","at_mobiles":["138"],"at_all":true}"#
    );
}

#[test]
fn what_is_wrong_is_named() {
    let refused = |json: &str| Message::from_json(json).expect_err("refused").to_string();
    assert_eq!(
        refused(r#"{"type":"poem"}"#),
        "there is no message of type \"poem\": the types are text markdown link action_card feed_card image audio file video"
    );
    assert_eq!(refused(r#"{"type":"text"}"#), "a text message needs content");
    assert_eq!(refused(r#"{"type":"text","content":7}"#), "content of the text message takes a text");
    assert_eq!(refused(r#"{"type":"text","content":"x","colour":1}"#), "a text message has no field \"colour\"");
    assert_eq!(refused(r#"{"type":"text","content":"x","at_mobiles":"138"}"#), "at_mobiles takes a list of texts");
    assert_eq!(
        refused(r#"{"type":"action_card","title":"t","text":"x","buttons":[{"title":"a"}]}"#),
        "buttons of the action_card message takes a list of objects with title and url"
    );
    assert_eq!(refused("[]"), "the message is not a JSON object");
}

#[test]
fn an_empty_message_is_refused_before_it_is_sent() {
    let blank = |message: Message| message.check().expect_err("refused").message().to_owned();
    assert_eq!(blank(Message::markdown("t", " \n")), "text of the markdown message is empty");
    assert_eq!(blank(Message::action_card("t", "x", [])), "buttons of the action_card message is empty");
    assert_eq!(blank(Message::feed_card([Entry::new("a", "", "p")])), "entries of the feed_card message is empty");
    assert!(Message::link("t", "x", "https://u").check().is_ok(), "an empty picture is fine");
}

#[test]
fn the_text_is_not_in_debug_output() {
    assert!(!format!("{:?}", Message::text("planted")).contains("planted"));
}

#[test]
fn an_address_that_is_no_url_is_refused_and_dingtalks_own_are_fine() {
    for message in [
        Message::link("t", "x", "example.com"),
        Message::action_card("t", "x", [Button::new("b", "nonsense")]),
        Message::feed_card([Entry::new("a", "/page", "p")]),
    ] {
        let error = message.to_webhook().expect_err("refused");
        assert!(error.message().ends_with("holds what is no URL") && error.advice().contains("https://"), "{error}");
    }
    let own = markdown::link("https://a", markdown::Place::Panel);
    assert!(Message::link("t", "x", own).to_webhook().is_ok());
}
