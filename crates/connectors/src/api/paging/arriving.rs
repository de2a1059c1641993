//! A body that arrives on the network's side, read as a file on a thread of its own. The channel
//! between holds a few pieces: who reads slowly slows down who sends.

use std::io::{self, Read};

use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

/// Pieces between the two sides. A piece is what the network gave, some 16 KiB.
const PIECES: usize = 4;

/// What goes through.
pub(super) enum Piece {
    Bytes(Bytes),
    /// The end was reached, in contrast to a sender that is gone.
    End,
}

/// The reader's side; made for a thread that may block.
pub(super) struct Arriving {
    pieces: mpsc::Receiver<Piece>,
    current: Bytes,
    ended: bool,
}

/// Both sides.
pub(super) fn channel() -> (mpsc::Sender<Piece>, Arriving) {
    let (sender, pieces) = mpsc::channel(PIECES);
    let arriving = Arriving {
        pieces,
        current: Bytes::new(),
        ended: false,
    };
    (sender, arriving)
}

impl Read for Arriving {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => self.current = bytes,
                Some(Piece::End) => self.ended = true,
                None => return Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
            }
        }
        let count = self.current.len().min(buffer.len());
        self.current.copy_to_slice(&mut buffer[..count]);
        Ok(count)
    }
}
