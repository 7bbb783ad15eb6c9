//! As much of a browser as signing in takes: redirects, cookies, one form.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use ureq::http::{Response, header};
use ureq::{Agent, Body};
use url::Url;

use crate::failure::{Failure, Result, While};

/// Signed in as one account.
pub(super) struct Browser {
    agent: Agent,
    web: Url,
    /// By host and port, then by name: two servers on one machine must not read each other's.
    cookies: RefCell<BTreeMap<String, BTreeMap<String, String>>>,
}

/// Longer than the ten seconds for which the product waits for a plan.
const DEADLINE: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 10;

impl Browser {
    pub(super) fn sign_in(web: &str, (login, password): (&str, &str)) -> Result<Self> {
        let config = Agent::config_builder()
            .timeout_global(Some(DEADLINE))
            .http_status_as_error(false)
            .max_redirects(0)
            // Straight to this machine, whatever proxy is configured for the world.
            .proxy(None);
        let web = Url::parse(web).world("read the address of the pages")?;
        let browser =
            Self { agent: Agent::new_with_config(config.build()), web: web.clone(), cookies: RefCell::default() };
        let form = browser.follow(web.join("/login?next=/").world("sign in")?)?;
        let sent = browser.agent.post(form.as_str()).header(header::COOKIE, browser.cookies_of(&form));
        let answer = sent.send_form([("login", login), ("password", password)]).world("sign in")?;
        browser.keep(&form, &answer);
        match target(&form, &answer) {
            Some(next) => browser.follow(next)?,
            None => return Err(Failure::world("The identity provider did not take the demo account.")),
        };
        Ok(browser)
    }

    pub(super) fn get(&self, path: &str) -> Result<(u16, Value)> {
        let address = self.web.join(path).world("ask the API")?;
        let answer = self.agent.get(address.as_str()).header(header::COOKIE, self.cookies_of(&address)).call();
        read(answer)
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Result<(u16, Value)> {
        let address = self.web.join(path).world("ask the API")?;
        let request = self.agent.post(address.as_str()).header(header::COOKIE, self.cookies_of(&address));
        let request = request.header(header::ORIGIN, self.web.origin().ascii_serialization());
        read(request.header(header::CONTENT_TYPE, "application/json").send(body.to_string()))
    }

    /// Goes where it is sent and answers the address of the page at the end.
    fn follow(&self, mut address: Url) -> Result<Url> {
        for _ in 0..MOST_REDIRECTS {
            let request = self.agent.get(address.as_str()).header(header::COOKIE, self.cookies_of(&address));
            let answer = request.call().world("sign in")?;
            self.keep(&address, &answer);
            match target(&address, &answer) {
                Some(next) => address = next,
                None if answer.status().is_success() => return Ok(address),
                None => return Err(Failure::world(format!("Signing in ended at {address}: {}.", answer.status()))),
            }
        }
        Err(Failure::world("Signing in went round in circles."))
    }

    fn keep(&self, address: &Url, answer: &Response<Body>) {
        let mut cookies = self.cookies.borrow_mut();
        let ours = cookies.entry(place(address)).or_default();
        for set in answer.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                ours.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }

    fn cookies_of(&self, address: &Url) -> String {
        let cookies = self.cookies.borrow();
        let ours = cookies.get(&place(address)).into_iter().flatten();
        ours.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}

fn place(address: &Url) -> String {
    format!("{}:{}", address.host_str().unwrap_or_default(), address.port_or_known_default().unwrap_or_default())
}

/// Where a redirect leads.
fn target(address: &Url, answer: &Response<Body>) -> Option<Url> {
    let location = answer.headers().get(header::LOCATION).filter(|_| answer.status().is_redirection())?;
    address.join(location.to_str().ok()?).ok()
}

fn read(answer: std::result::Result<Response<Body>, ureq::Error>) -> Result<(u16, Value)> {
    let mut answer = answer.world("ask the API")?;
    let status = answer.status().as_u16();
    let text = answer.body_mut().read_to_string().world("read the API's answer")?;
    Ok((status, serde_json::from_str(&text).unwrap_or(Value::Null)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_go_back_to_the_port_that_set_them() {
        let browser = Browser {
            agent: Agent::new_with_defaults(),
            web: Url::parse("http://localhost:3000").unwrap(),
            cookies: RefCell::default(),
        };
        let (web, provider) =
            (Url::parse("http://localhost:3000/a").unwrap(), Url::parse("http://localhost:4000/").unwrap());
        let answer = Response::builder()
            .header("set-cookie", "__Host-sid-3000=a=b; Path=/; Secure; HttpOnly")
            .header("set-cookie", "theme=dark")
            .body(Body::builder().data(""))
            .unwrap();
        browser.keep(&web, &answer);
        assert_eq!(browser.cookies_of(&web), "__Host-sid-3000=a=b; theme=dark");
        assert_eq!(browser.cookies_of(&provider), "");
    }

    #[test]
    fn only_a_redirect_leads_on() {
        let here = Url::parse("http://localhost:3000/login").unwrap();
        let of = |status: u16| {
            let answer =
                Response::builder().status(status).header("location", "/sign-in/1").body(Body::builder().data(""));
            target(&here, &answer.unwrap()).map(String::from)
        };
        assert_eq!(of(303).as_deref(), Some("http://localhost:3000/sign-in/1"));
        assert_eq!(of(200), None);
    }
}
