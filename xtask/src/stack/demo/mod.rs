//! The demo services that run. They are made like any other: signed in through the provider, planned and created over the
//! product's own API, one after the other, while people look around already.

mod browser;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::browser::Browser;
use crate::failure::{Failure, Result};
use crate::interrupt::Interrupt;
use crate::progress::{note, took};

struct Service {
    name: &'static str,
    team: &'static str,
    golden_path: &'static str,
    description: &'static str,
}

const SERVICES: [Service; 12] = [
    web("invoices", "payments", "Writes the invoice of every paid order and keeps it for the tax office"),
    web("query-gateway", "search", "Takes every query of the shop and sends it to the index that knows"),
    Service {
        name: "taste-model",
        team: "recommendations",
        golden_path: "gpu-inference",
        description: "Predicts which products a visitor will like",
    },
    web("cart", "checkout-flow", "Keeps what a visitor is about to buy"),
    web("landing", "storefront", "Serves the pages that campaigns link to"),
    web("price-feed", "pricing", "Publishes every change of a price"),
    web("product-feed", "catalog-data", "Publishes every change of a product"),
    web("article-api", "content", "Serves the articles of the magazine"),
    web("stream-stats", "data", "Counts what goes through the event streams"),
    web("token-check", "security", "Says whether a token is still good"),
    web("inbox", "messaging", "Keeps the messages of customers until somebody has read them"),
    web("status-page", "platform", "Tells customers what works and what does not"),
];

/// Curates everything, and may therefore create for every team.
const ACCOUNT: (&str, &str) = ("platform", "waymark");
/// Of one run; a busy machine takes a minute.
const PATIENCE: Duration = Duration::from_secs(300);
/// The machine has better things to do meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Makes the services that are not there yet and says how it goes. One that fails is said and left behind.
pub(super) fn make(interrupt: &Interrupt, web: &str) -> Result<()> {
    let begun = Instant::now();
    let browser = Browser::sign_in(web, ACCOUNT)?;
    let mut made = 0;
    for service in &SERVICES {
        match create(interrupt, &browser, service) {
            Ok(true) => {
                made += 1;
                note(&format!("Demo service {} of {} runs.", service.name, service.team));
            }
            Ok(false) => {}
            Err(failure) if failure.is_interruption() => return Err(failure),
            Err(failure) => note(&format!("Demo service {} was not made: {failure}", service.name)),
        }
    }
    if made > 0 {
        note(&format!("{made} demo services were made in {}.", took(begun.elapsed())));
    }
    Ok(())
}

/// False when it was there already.
fn create(interrupt: &Interrupt, browser: &Browser, service: &Service) -> Result<bool> {
    let parameters = json!({
        "name": service.name,
        "owner": format!("group:default/{}", service.team),
        "description": service.description,
    });
    let path = format!("/api/v1/golden-paths/{}/plans", service.golden_path);
    let (status, plan) = browser.post(&path, &json!({ "parameters": parameters }))?;
    if status == 422 && plan["errors"][0]["pointer"] == "/name" {
        return Ok(false);
    }
    let plan = match status {
        201 => plan,
        202 => until(interrupt, || {
            let (_, plan) = browser.get(&format!("/api/v1/plans/{}", text(&plan["id"])))?;
            Ok((plan["state"] != "planning").then_some(plan))
        })?,
        _ => return Err(refused("its plan", &plan)),
    };
    if plan["state"] != "ready" {
        return Err(refused("its plan", &plan));
    }
    let (status, run) = browser.post("/api/v1/runs", &json!({ "plan_id": plan["id"], "plan_hash": plan["hash"] }))?;
    if status != 202 {
        return Err(refused("its run", &run));
    }
    let path = format!("/api/v1/runs/{}", text(&run["id"]));
    let ended = until(interrupt, || {
        let (_, run) = browser.get(&path)?;
        Ok(matches!(text(&run["state"]), "succeeded" | "failed" | "cancelled").then_some(run))
    })?;
    if ended["state"] == "succeeded" { Ok(true) } else { Err(refused("its run", &ended)) }
}

fn until(interrupt: &Interrupt, mut ask: impl FnMut() -> Result<Option<Value>>) -> Result<Value> {
    interrupt
        .poll(PATIENCE, || {
            std::thread::sleep(LOOK_EVERY);
            ask()
        })?
        .ok_or_else(|| Failure::world(format!("It was not finished within {}.", took(PATIENCE))))
}

/// The product's own words, as far as it said any.
fn refused(what: &str, answer: &Value) -> Failure {
    let said: BTreeMap<&str, &Value> = ["detail", "problem", "errors", "waiting_for", "state"]
        .into_iter()
        .filter_map(|key| Some((key, answer.get(key).filter(|value| !value.is_null())?)))
        .collect();
    Failure::world(format!("{what}: {}", json!(said)))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

const fn web(name: &'static str, team: &'static str, description: &'static str) -> Service {
    Service { name, team, golden_path: "web-service", description }
}
