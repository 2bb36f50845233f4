//! Which type goes with which ending of a name, for what is common in chats.

const TYPES: &[(&str, &str)] = &[
    ("amr", "audio/amr"),
    ("bmp", "image/bmp"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("jpg", "image/jpeg"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("rar", "application/vnd.rar"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("wav", "audio/x-wav"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("zip", "application/zip"),
];

/// The type of a file with this ending, in lower case.
pub(super) fn of_ending(ending: &str) -> &'static str {
    TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, kind)| kind)
}

/// The ending of a file of this type; its parameters do not count.
pub(super) fn ending_of(content_type: &str) -> Option<&'static str> {
    let asked = content_type.split(';').next().unwrap_or_default().trim();
    TYPES.iter().find(|(_, kind)| kind.eq_ignore_ascii_case(asked)).map(|(ending, _)| *ending)
}
