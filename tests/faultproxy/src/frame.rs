//! The frames of a WebSocket (RFC 6455), cut out of its bytes.

use std::io::{self, Cursor, ErrorKind};

use bytes::{Bytes, BytesMut};
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// A whole frame, as it came.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) bytes: Bytes,
    pub(crate) header: FrameHeader,
    header_length: usize,
}

impl Frame {
    /// Takes the first frame out of the buffer, once all of it is there.
    pub(crate) fn take(buffer: &mut BytesMut) -> io::Result<Option<Self>> {
        let invalid = |error| io::Error::new(ErrorKind::InvalidData, error);
        let mut cursor = Cursor::new(&buffer[..]);
        let Some((header, length)) = FrameHeader::parse(&mut cursor).map_err(invalid)? else {
            return Ok(None);
        };
        let header_length = usize::try_from(cursor.position()).map_err(io::Error::other)?;
        let whole = usize::try_from(length).map_err(io::Error::other)?.saturating_add(header_length);
        if buffer.len() < whole {
            return Ok(None);
        }
        Ok(Some(Self { bytes: buffer.split_to(whole).freeze(), header, header_length }))
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.bytes[self.header_length..]
    }

    /// What comes before this part of the payload, and the rest.
    pub(crate) fn split(&self, payload: usize) -> (&[u8], &[u8]) {
        self.bytes.split_at(self.header_length + payload)
    }

    pub(crate) fn is_data(&self) -> bool {
        matches!(self.header.opcode, OpCode::Data(_))
    }

    pub(crate) fn begins_a_message(&self) -> bool {
        matches!(self.header.opcode, OpCode::Data(Data::Text | Data::Binary))
    }

    pub(crate) fn is_whole_message(&self) -> bool {
        self.begins_a_message() && self.header.is_final
    }

    /// `{` becomes `[`, and no ASCII leaves ASCII: whoever reads it can't take it for another message, and has no
    /// reason to give up the connection.
    pub(crate) fn corrupted(&self) -> Vec<u8> {
        let mut bytes = self.bytes.to_vec();
        bytes[self.header_length] ^= 0x20;
        bytes
    }
}
