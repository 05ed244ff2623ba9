//! One file, continued where it was cut.

use super::cache::create_parent;
use super::client::{Attempt, Client, Failure, Listener, unexpected};
use crate::fault::{Error, Fault, Place, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use ureq::Body;
use ureq::http::{HeaderMap, Response, StatusCode, header};

const CHUNK: usize = 64 * 1024;

/// Brings the file at `url` into `part`, beginning after the bytes that are there already. What
/// it brought is not verified yet.
pub(super) fn download(
    client: &Client,
    url: &str,
    part: &Path,
    listener: &mut dyn Listener,
) -> Result<()> {
    let mut part = Part::open(part)?;
    client.persist(url, listener, |listener| {
        let outcome = part.extend(client, url, listener);
        Attempt { outcome, have: part.have }
    })?;
    part.file.sync_all().map_err(Error::io("write", part.path))
}

struct Part<'a> {
    path: &'a Path,
    file: File,
    have: u64,
}

impl<'a> Part<'a> {
    /// Opened for this process alone: two that append to one file would spoil it for both.
    fn open(path: &'a Path) -> Result<Self> {
        create_parent(path)?;
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(Error::io("write", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let problem = "another run is downloading this file";
                return Err(Fault::new(Place::file(path), problem).into());
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", path)(error)),
        }
        let have = file.seek(SeekFrom::End(0)).map_err(Error::io("read", path))?;
        Ok(Self { path, file, have })
    }

    fn extend(
        &mut self,
        client: &Client,
        url: &str,
        listener: &mut dyn Listener,
    ) -> Result<(), Failure> {
        let mut request = client.agent().get(url);
        if self.have > 0 {
            request = request.header(header::RANGE, format!("bytes={}-", self.have));
        }
        let response = request.call()?;
        match response.status() {
            StatusCode::OK => self.clear()?,
            StatusCode::PARTIAL_CONTENT if first_byte(response.headers()) == Some(self.have) => {}
            StatusCode::PARTIAL_CONTENT => {
                self.clear()?;
                return Err(Failure::Cut("the server sent another range than asked".to_owned()));
            }
            // Nothing lies beyond what is here: the checksum decides whether it is the file.
            StatusCode::RANGE_NOT_SATISFIABLE => return Ok(()),
            other => return Err(unexpected(url, other)),
        }
        self.append(response, listener)
    }

    fn clear(&mut self) -> Result<()> {
        self.file.set_len(0).map_err(Error::io("write", self.path))?;
        self.have = 0;
        Ok(())
    }

    fn append(
        &mut self,
        response: Response<Body>,
        listener: &mut dyn Listener,
    ) -> Result<(), Failure> {
        let body = response.into_body();
        let total = body.content_length().map(|length| self.have + length);
        let mut reader = body.into_reader();
        let mut chunk = vec![0; CHUNK];
        loop {
            let count = reader.read(&mut chunk).map_err(|error| Failure::Cut(error.to_string()))?;
            if count == 0 {
                break;
            }
            self.file.write_all(&chunk[..count]).map_err(Error::io("write", self.path))?;
            self.have += count as u64;
            listener.received(self.have, total);
        }
        match total {
            Some(total) if self.have < total => {
                Err(Failure::Cut(format!("the connection ended after {} bytes", self.have)))
            }
            _ => Ok(()),
        }
    }
}

/// Of `Content-Range: bytes 100-199/200`.
fn first_byte(headers: &HeaderMap) -> Option<u64> {
    let text = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
    text.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}
