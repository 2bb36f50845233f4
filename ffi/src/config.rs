//! `dingstream_config`: what a client is told before it is made.

use std::collections::BTreeMap;
use std::ffi::c_char;

use dingstream::{Config, Error, ErrorKind, Kind, Result};
use serde_json::Value;

use crate::bytes::text;
use crate::error::dingstream_error;
use crate::guard::{guard, quietly};
use crate::handle::{Out, borrow_mut, given_back};

/// The configuration of a client. One thread at a time; a client copies it, so that it can be freed or used again.
pub struct dingstream_config(Config);

impl dingstream_config {
    /// The configuration as a client of a C program takes it.
    pub(crate) fn copied(&self) -> Config {
        let mut config = self.0.clone();
        if config.ua.is_empty() {
            config.ua = concat!("dingstream-sdk-c/", env!("CARGO_PKG_VERSION"), "-union").to_owned();
        }
        config
    }
}

/// # Safety
/// As for the generated setters.
pub(crate) unsafe fn set_text(
    config: *mut dingstream_config,
    name: &str,
    value: *const c_char,
    value_len: usize,
) -> Result<()> {
    // SAFETY: as for the caller.
    let (config, value) = unsafe { (borrow_mut(config, "config")?, text(value, value_len, "value")?) };
    config.0.set(name, &Value::from(value))
}

/// # Safety
/// As for the generated setters.
pub(crate) unsafe fn set_number(config: *mut dingstream_config, name: &str, value: u64) -> Result<()> {
    // SAFETY: as for the caller.
    let config = unsafe { borrow_mut(config, "config") }?;
    config.0.set(name, &Value::from(value))
}

/// # Safety
/// As for the generated setters.
pub(crate) unsafe fn set_bool(config: *mut dingstream_config, name: &str, value: bool) -> Result<()> {
    // SAFETY: as for the caller.
    let config = unsafe { borrow_mut(config, "config") }?;
    config.0.set(name, &Value::from(value))
}

/// # Safety
/// As for the generated setters.
pub(crate) unsafe fn add(
    config: *mut dingstream_config,
    list: impl FnOnce(&mut Config) -> &mut Vec<String>,
    value: *const c_char,
    value_len: usize,
) -> Result<()> {
    // SAFETY: as for the caller.
    let (config, value) = unsafe { (borrow_mut(config, "config")?, text(value, value_len, "value")?) };
    list(&mut config.0).push(value.to_owned());
    Ok(())
}

/// # Safety
/// As for the generated setters.
pub(crate) unsafe fn put(
    config: *mut dingstream_config,
    entries: impl FnOnce(&mut Config) -> &mut BTreeMap<String, String>,
    (key, value): (String, String),
) -> Result<()> {
    // SAFETY: as for the caller.
    let config = unsafe { borrow_mut(config, "config") }?;
    entries(&mut config.0).insert(key, value);
    Ok(())
}

/// # Safety
/// As for the generated setters.
pub(crate) unsafe fn put_text(
    key: *const c_char,
    key_len: usize,
    value: *const c_char,
    value_len: usize,
) -> Result<(String, String)> {
    // SAFETY: as for the caller.
    let (key, value) = unsafe { (text(key, key_len, "key")?, text(value, value_len, "value")?) };
    Ok((key.to_owned(), value.to_owned()))
}

/// Makes a configuration with everything but the credential at its default. Values are checked by `dingstream_client_new`.
/// Free it with `dingstream_config_free`.
///
/// # Safety
/// Each text is readable for its length; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_config_new(
    client_id: *const c_char,
    client_id_len: usize,
    client_secret: *const c_char,
    client_secret_len: usize,
    out: *mut *mut dingstream_config,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        let id = text(client_id, client_id_len, "client_id")?;
        let secret = text(client_secret, client_secret_len, "client_secret")?;
        out.give(dingstream_config(Config::new(id, secret)));
        Ok(())
    })
}

/// Makes a configuration from one JSON object whose keys are the names of the setters, without `dingstream_config_set_`:
/// `{"client_id":"…","client_secret":"…","answer_message":"on_completion"}`. An unknown name or a value of another type is
/// the error `config`. Free it with `dingstream_config_free`.
///
/// # Safety
/// `json` is readable for `json_len` bytes; `out` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_config_from_json(
    json: *const c_char,
    json_len: usize,
    out: *mut *mut dingstream_config,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the pointers.
    guard(|| unsafe {
        let out = Out::new(out)?;
        out.give(dingstream_config(Config::from_json(text(json, json_len, "json")?)?));
        Ok(())
    })
}

/// Subscribes a kind of delivery, one of `dingstream_kind`. `topic` is needed for `DINGSTREAM_KIND_OTHER` alone, and else
/// empty for the kind's own topic. Events are subscribed all at once.
///
/// # Safety
/// `config` is NULL or a config that no other thread uses now; `topic` is readable for `topic_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_config_subscribe(
    config: *mut dingstream_config,
    kind: u32,
    topic: *const c_char,
    topic_len: usize,
) -> *mut dingstream_error {
    // SAFETY: the caller vouches for the config and the pointer.
    guard(|| unsafe {
        let config = borrow_mut(config, "config")?;
        config.0.subscribe(kind_of(kind)?, text(topic, topic_len, "topic")?)
    })
}

/// Frees a configuration. NULL is fine.
///
/// # Safety
/// `config` is NULL or a config that was not freed; it is used no more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dingstream_config_free(config: *mut dingstream_config) {
    // SAFETY: the caller gives it up.
    quietly(|| drop(unsafe { given_back(config) }));
}

pub(crate) fn kind_of(number: u32) -> Result<Kind> {
    Kind::from_number(number).ok_or_else(|| {
        Error::new(ErrorKind::Argument, format!("there is no kind of delivery with the number {number}"))
            .hint("give one of DINGSTREAM_KIND_MESSAGE to DINGSTREAM_KIND_OTHER")
    })
}
