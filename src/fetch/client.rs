//! HTTP with second chances.

use crate::fault::{Error, Fault, Place, Result};
use std::thread;
use std::time::Duration;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::http::StatusCode;
use ureq::typestate::AgentScope;

/// How long to keep trying.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in a row that bring nothing new before a file is given up.
    pub attempts: u32,
    /// Wait before the second attempt; doubles with each further one.
    pub pause: Duration,
    /// How long a connection may say nothing.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let (pause, silence) = (Duration::from_millis(500), Duration::from_secs(30));
        Self { attempts: 5, pause, silence }
    }
}

pub(super) struct Client {
    agent: Agent,
    patience: Patience,
}

/// Why one attempt failed.
pub(super) enum Failure {
    /// Worth another attempt.
    Cut(String),
    Final(Error),
}

impl From<ureq::Error> for Failure {
    fn from(error: ureq::Error) -> Self {
        Self::Cut(error.to_string())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Final(error)
    }
}

/// One attempt: what came of it, and how many bytes are here after it.
pub(super) struct Attempt<T> {
    pub outcome: Result<T, Failure>,
    pub have: u64,
}

/// What a download tells while it runs.
pub(super) trait Listener {
    fn received(&mut self, have: u64, total: Option<u64>);
    fn retrying(&mut self, why: &str);
}

const SMALL: u64 = 64 * 1024;

fn configured(patience: Patience) -> ConfigBuilder<AgentScope> {
    Agent::config_builder()
        .http_status_as_error(false)
        .user_agent(concat!("deleverage/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(patience.silence))
        .timeout_recv_response(Some(patience.silence))
        .timeout_per_read(Some(patience.silence))
}

impl Client {
    /// Through the proxy that the environment names, if any.
    pub fn new(patience: Patience) -> Self {
        Self { agent: configured(patience).build().into(), patience }
    }

    /// Past any proxy: for an archive on this machine.
    pub fn direct(patience: Patience) -> Self {
        Self { agent: configured(patience).proxy(None).build().into(), patience }
    }

    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// A small text, or `None` where the archive has none.
    pub fn text(&self, url: &str, listener: &mut dyn Listener) -> Result<Option<String>> {
        self.persist(url, listener, |_| Attempt { outcome: self.try_text(url), have: 0 })
    }

    fn try_text(&self, url: &str) -> Result<Option<String>, Failure> {
        let mut response = self.agent.get(url).call()?;
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => {
                let body = response.body_mut().with_config().limit(SMALL).lossy_utf8(true);
                Ok(Some(body.read_to_string()?))
            }
            other => Err(unexpected(url, other)),
        }
    }

    pub fn exists(&self, url: &str, listener: &mut dyn Listener) -> Result<bool> {
        self.persist(url, listener, |_| Attempt { outcome: self.try_exists(url), have: 0 })
    }

    fn try_exists(&self, url: &str) -> Result<bool, Failure> {
        match self.agent.head(url).call()?.status() {
            StatusCode::NOT_FOUND => Ok(false),
            StatusCode::OK => Ok(true),
            other => Err(unexpected(url, other)),
        }
    }

    /// Repeats `attempt` until it succeeds, fails for good, or has brought nothing new
    /// [`Patience::attempts`] times in a row.
    pub fn persist<T>(
        &self,
        url: &str,
        listener: &mut dyn Listener,
        mut attempt: impl FnMut(&mut dyn Listener) -> Attempt<T>,
    ) -> Result<T> {
        let (mut longest, mut idle) = (0, 0);
        loop {
            let Attempt { outcome, have } = attempt(listener);
            let why = match outcome {
                Ok(value) => return Ok(value),
                Err(Failure::Final(error)) => return Err(error),
                Err(Failure::Cut(why)) => why,
            };
            if have > longest {
                (longest, idle) = (have, 0);
            }
            idle += 1;
            if idle >= self.patience.attempts {
                return Err(self.gave_up(url, &why, have));
            }
            listener.retrying(&why);
            thread::sleep(self.patience.pause * 2_u32.saturating_pow(idle - 1));
        }
    }

    fn gave_up(&self, url: &str, why: &str, have: u64) -> Error {
        let kept = match have {
            0 => String::new(),
            bytes => format!("; the {bytes} bytes that came are kept, the next run continues"),
        };
        let attempts = self.patience.attempts;
        let problem = format!("cannot be downloaded in {attempts} attempts: {why}{kept}");
        Fault::new(Place::file(url), problem).into()
    }
}

/// Busy and broken servers may recover; refusals stand.
pub(super) fn unexpected(url: &str, status: StatusCode) -> Failure {
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    if status.is_server_error() || passing.contains(&status) {
        return Failure::Cut(format!("the server answered {status}"));
    }
    let fault = Fault::new(Place::file(url), "the server refuses").found(status);
    Failure::Final(fault.into())
}
