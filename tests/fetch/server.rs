//! A small HTTP server on loopback that behaves as an archive does, or as badly as asked.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use zip::write::SimpleFileOptions;

/// What was asked: method, path, first byte of the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub from: Option<usize>,
}

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    /// For each path, how many bytes of the body each further answer carries before it is cut.
    cuts: BTreeMap<String, Vec<usize>>,
    /// For each path, statuses that further answers carry instead of the file.
    statuses: BTreeMap<String, Vec<u16>>,
    without_ranges: bool,
    log: Vec<Request>,
}

pub struct Server {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || answer(&stream.unwrap(), &shared));
            }
        });
        Self { url, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Publishes a zip with its checksum.
    pub fn publish(&self, path: &str, zip: &[u8]) {
        let hash: String = Sha256::digest(zip).iter().map(|byte| format!("{byte:02x}")).collect();
        let name = path.rsplit('/').next().unwrap();
        self.put(&format!("{path}.CHECKSUM"), format!("{hash}  {name}\n").as_bytes());
        self.put(path, zip);
    }

    pub fn put(&self, path: &str, bytes: &[u8]) {
        self.state().files.insert(format!("/{path}"), bytes.to_vec());
    }

    pub fn cut(&self, path: &str, after: &[usize]) {
        self.state().cuts.insert(format!("/{path}"), after.to_vec());
    }

    pub fn answer_with(&self, path: &str, statuses: &[u16]) {
        self.state().statuses.insert(format!("/{path}"), statuses.to_vec());
    }

    pub fn ignore_ranges(&self) {
        self.state().without_ranges = true;
    }

    /// What was asked since the last call.
    pub fn take_log(&self) -> Vec<Request> {
        std::mem::take(&mut self.state().log)
    }
}

fn answer(stream: &TcpStream, state: &Mutex<State>) {
    let Some(request) = read_request(stream) else { return };
    let (head, body) = {
        let mut state = state.lock().unwrap();
        state.log.push(request.clone());
        respond(&mut state, &request)
    };
    let mut to = stream;
    to.write_all(head.as_bytes()).and_then(|()| to.write_all(&body)).ok();
}

fn respond(state: &mut State, request: &Request) -> (String, Vec<u8>) {
    let empty = |status| (format!("HTTP/1.1 {status} -\r\nContent-Length: 0\r\n\r\n"), Vec::new());
    if let Some(status) = state.statuses.get_mut(&request.path).and_then(next) {
        return empty(status);
    }
    let Some(file) = state.files.get(&request.path) else { return empty(404) };
    let from = request.from.filter(|_| !state.without_ranges);
    let (start, status) = from.map_or((0, 200), |from| (from, 206));
    if start > 0 && start >= file.len() {
        return empty(416);
    }
    let mut body = file[start..].to_vec();
    let range = format!("Content-Range: bytes {start}-{}/{}\r\n", file.len() - 1, file.len());
    let range = if status == 206 { range } else { String::new() };
    let length = body.len();
    if request.method == "HEAD" {
        body.clear();
    } else if let Some(after) = state.cuts.get_mut(&request.path).and_then(next) {
        body.truncate(after);
    }
    let head = format!(
        "HTTP/1.1 {status} -\r\n{range}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    (head, body)
}

fn next<T>(script: &mut Vec<T>) -> Option<T> {
    (!script.is_empty()).then(|| script.remove(0))
}

fn read_request(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let headers: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let from = headers.iter().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        let range = name.eq_ignore_ascii_case("range").then_some(value)?;
        range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    });
    Some(Request { method, path, from })
}

/// A zip of one CSV, of rows that do not compress to nothing.
pub fn klines_zip(name: &str, first_open: i64) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file(name.replace(".zip", ".csv"), SimpleFileOptions::default()).unwrap();
    for minute in 0..1440_i64 {
        let (open, close) = (first_open + minute * 60_000, first_open + minute * 60_000 + 59_999);
        let noise = (minute * 7919 + first_open / 1000) % 9973;
        let row = format!(
            "{open},5{noise}.1,5{noise}.9,5{noise}.0,5{noise}.5,{noise}.125,{close},1,2,3,4,0\n"
        );
        zip.write_all(row.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
