//! The sign-in of a demo account, as a browser does it, for requests that need its cookie.

use std::collections::BTreeMap;
use std::time::Instant;

use ureq::Agent;
use ureq::http::Response;
use url::Url;

use crate::failure::{Failure, Result, While};

const PASSWORD: &str = "waymark";
const MOST_STEPS: usize = 12;

/// Somebody who is signed in.
pub(super) struct SignedIn {
    pub(super) web: String,
    /// What the `Cookie` header holds.
    pub(super) cookie: String,
    agent: Agent,
}

pub(super) fn sign_in(web: String, login: &str) -> Result<SignedIn> {
    let config = Agent::config_builder().max_redirects(0).http_status_as_error(false).build();
    let mut visitor = Visitor { agent: Agent::new_with_config(config), cookies: BTreeMap::new() };
    let form = visitor.follow(address(&web)?.join("/login").input("find the sign-in")?)?;
    let answer = visitor.send(&form, &[("login", login), ("password", PASSWORD)])?;
    visitor.follow(answer)?;
    Ok(SignedIn { web, cookie: visitor.header(), agent: visitor.agent })
}

impl SignedIn {
    /// The body of an answer, and the milliseconds until the last of it was there.
    pub(super) fn ask(&self, path: &str) -> Result<(String, f64)> {
        let begun = Instant::now();
        let request = self.agent.get(format!("{}{path}", self.web)).header("cookie", &self.cookie);
        let mut answer = request.call().world("ask the server")?;
        let body = answer.body_mut().with_config().limit(64 << 20).read_to_string().world("read an answer")?;
        let took = begun.elapsed().as_secs_f64() * 1_000.0;
        match answer.status().is_success() {
            true => Ok((body, took)),
            false => Err(Failure::world(format!("{path} was answered with {}.", answer.status()))),
        }
    }
}

fn address(text: &str) -> Result<Url> {
    Url::parse(text).input("read an address of the sign-in")
}

struct Visitor {
    agent: Agent,
    /// Cookies count for every port of a host, and everything here is on one host.
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    fn header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Goes where it is sent until there is a page, and answers the page's address.
    fn follow(&mut self, mut at: Url) -> Result<Url> {
        for _ in 0..MOST_STEPS {
            let answer = self.agent.get(at.as_str()).header("cookie", self.header()).call().world("sign in")?;
            match self.next(&at, &answer)? {
                Some(next) => at = next,
                None if answer.status().is_success() => return Ok(at),
                None => return Err(Failure::world(format!("The sign-in ended with {} at {at}.", answer.status()))),
            }
        }
        Err(Failure::world("The sign-in goes round in circles."))
    }

    fn send(&mut self, form: &Url, fields: &[(&str, &str)]) -> Result<Url> {
        let origin = form.origin().ascii_serialization();
        let request = self.agent.post(form.as_str()).header("cookie", self.header()).header("origin", origin);
        let answer = request.send_form(fields.iter().copied()).world("send the account")?;
        self.next(form, &answer)?.ok_or_else(|| Failure::world("The provider refused the demo account."))
    }

    /// Keeps the cookies of an answer; where it sends the visitor to, if it does.
    fn next<T>(&mut self, at: &Url, answer: &Response<T>) -> Result<Option<Url>> {
        for cookie in answer.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok()) {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            if let Some((name, value)) = pair {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
        location.map(|location| at.join(location).world("read where the sign-in leads")).transpose()
    }
}
