//! Media that messages point to.

use serde_json::{Value, json};

use crate::harness::Sim;

const BOUNDARY: &str = "a-boundary";

fn form(kind: Option<&str>, file_name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut form = Vec::new();
    if let Some(kind) = kind {
        form.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\n{kind}\r\n").bytes());
    }
    let disposition = format!("Content-Disposition: form-data; name=\"media\"; filename=\"{file_name}\"");
    form.extend(format!("--{BOUNDARY}\r\n{disposition}\r\nContent-Type: image/png\r\n\r\n").bytes());
    form.extend(bytes);
    form.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    form
}

async fn upload(sim: &Sim, query: &str, form: Vec<u8>) -> Value {
    let address = sim.url(&format!("/media/upload?access_token={}{query}", sim.token().await));
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let response = sim.http.post(address).header("content-type", kind).body(form).send().await.expect("an answer");
    response.json().await.expect("JSON")
}

#[tokio::test]
async fn what_was_uploaded_is_there_byte_for_byte() {
    let sim = Sim::start();
    for (query, in_form) in [("&type=image", None), ("", Some("image"))] {
        let uploaded = upload(&sim, query, form(in_form, "a.PNG", b"\x89PNG")).await;
        assert_eq!((&uploaded["errcode"], &uploaded["type"]), (&json!(0), &json!("image")));
        let media_id = uploaded["media_id"].as_str().expect("an id");
        assert!(media_id.starts_with('@'), "{media_id}");
        let kept = sim.http.get(sim.url(&format!("/_sim/media/{media_id}"))).send().await.expect("an answer");
        assert_eq!(kept.bytes().await.expect("its bytes").as_ref(), b"\x89PNG");
        let record = sim.record(&format!("kind=upload&media_id={media_id}")).await;
        assert_eq!((&record["fileName"], &record["size"]), (&json!("a.PNG"), &json!(4)));
        assert_eq!(record["sha256"], "0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543");
    }
}

#[tokio::test]
async fn kinds_formats_and_sizes_are_those_of_the_documents() {
    let sim = Sim::start();
    let mib = 1024 * 1024;
    for (kind, file_name, size, errcode) in [
        ("image", "a.png", 20 * mib, 0),
        ("image", "a.png", 20 * mib + 1, 45_001),
        ("voice", "a.amr", 2 * mib, 0),
        ("voice", "a.amr", 2 * mib + 1, 45_001),
        ("voice", "a.ogg", 1, 40_005),
        ("video", "a.mp4", 1, 0),
        ("file", "a.xlsx", 1, 0),
        ("file", "a.exe", 1, 40_005),
        ("file", "a", 1, 40_005),
        ("audio", "a.mp3", 1, 40_004),
        ("image", "a.png", 0, 41_005),
    ] {
        let form = form(None, file_name, &vec![b'x'; size]);
        let answer = upload(&sim, &format!("&type={kind}"), form).await;
        assert_eq!(answer["errcode"], errcode, "{kind} {file_name} {size}");
    }
}
