//! Files on their way to DingTalk and from it.

mod downloading;
mod uploading;

use std::fs;
use std::path::PathBuf;

use dingstream::{Call, Client, Error};
use serde_json::Value;

use crate::support::{InTime, World};

fn client(world: &World) -> Client {
    Client::new(world.config()).expect("valid")
}

fn told(call: &Call) -> Value {
    call.in_time().expect("done").value("").expect("JSON")
}

fn refused(call: &Call) -> Error {
    call.in_time().expect_err("refused")
}

/// A folder of this test alone.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("dingstream-media-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    folder
}
