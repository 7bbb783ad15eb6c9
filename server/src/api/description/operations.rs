//! Every operation. A test holds this list and the router's table against each other.

use backend::{
    access::TokenView,
    catalog::running::EnvironmentView,
    delivery::{ChangeView, DeliveryView},
    golden_paths::PathSummary,
    provisioning::leases::LeaseView,
    scaffold::{PlanView, RunView},
};
use domain::{
    maturity::{Explained, Score},
    provisioning::NamespaceView,
};

use super::operation::Operation;
use crate::api::{
    deliveries, environments, golden_paths, maturity, me, namespaces, plans, quota_requests, runs, tokens,
};

pub(super) fn all() -> Vec<Operation> {
    [access(), golden_paths(), provisioning(), delivery(), maturity()].into_iter().flatten().collect()
}

fn access() -> Vec<Operation> {
    vec![
        Operation::get("/api/v1/openapi.json", "This description").answers::<serde_json::Value>(200),
        Operation::get("/api/v1/me", "Who asks, and what they may do").answers::<me::Me>(200),
        Operation::get("/api/v1/tokens", "One's own tokens, the latest first").lists::<TokenView>(),
        Operation::post(
            "/api/v1/tokens",
            "Makes a token and shows it this one time; with a session, never with a token",
        )
        .takes::<tokens::TokenBody>()
        .answers::<tokens::NewToken>(201),
        Operation::delete("/api/v1/tokens/{id}", "Ends a token; with a session, never with a token").answers_nothing(),
    ]
}

fn golden_paths() -> Vec<Operation> {
    let mut all = vec![
        Operation::get("/api/v1/golden-paths", "The golden paths in their current versions").lists::<PathSummary>(),
        Operation::get("/api/v1/golden-paths/{name}", "One path, and its parameters as a JSON Schema")
            .answers::<golden_paths::OnePath>(200),
        Operation::post(
            "/api/v1/golden-paths/{name}/plans",
            "Asks what would be made; 202 with the address where it takes more than ten seconds",
        )
        .takes::<plans::PlanBody>()
        .answers::<PlanView>(201)
        .answers::<plans::Planning>(202),
        Operation::get("/api/v1/plans/{id}", "One plan").answers::<PlanView>(200),
        Operation::get("/api/v1/runs", "Runs without their steps, the latest first")
            .query::<runs::ListQuery>()
            .lists::<RunView>(),
        Operation::post("/api/v1/runs", "Applies the plan that was read; 409 `plan_stale` says what has moved")
            .takes::<runs::AcceptBody>()
            .answers::<RunView>(202),
        Operation::get("/api/v1/runs/{id}", "One run").answers::<RunView>(200),
        Operation::get("/api/v1/runs/{id}/events", "Follows a run: events `step`, `log`, `state`, until it has ended")
            .query::<runs::EventsQuery>()
            .streams(),
    ];
    all.extend([
        Operation::post("/api/v1/runs/{id}/cancel", "Stops a run; what exists by then stays").answers::<RunView>(200),
        Operation::post("/api/v1/runs/{id}/retry", "Goes on from the step that failed").answers::<RunView>(200),
    ]);
    all
}

fn provisioning() -> Vec<Operation> {
    vec![
        Operation::get("/api/v1/namespaces", "Namespaces, each with what was declared and what stands")
            .query::<namespaces::ListQuery>()
            .lists::<NamespaceView>(),
        Operation::post("/api/v1/namespaces", "Declares a namespace; the cluster follows")
            .takes::<namespaces::DeclareBody>()
            .answers::<NamespaceView>(202),
        Operation::get("/api/v1/namespaces/{cluster}/{name}", "One namespace").answers::<NamespaceView>(200),
        Operation::get("/api/v1/quota-requests", "Requests for accelerators, the latest first")
            .query::<quota_requests::ListQuery>()
            .lists::<LeaseView>(),
        Operation::post("/api/v1/quota-requests", "Asks for accelerators; what the policy allows is granted at once")
            .takes::<quota_requests::RequestBody>()
            .answers::<LeaseView>(201),
        Operation::get("/api/v1/quota-requests/{id}", "One request").answers::<LeaseView>(200),
        Operation::post("/api/v1/quota-requests/{id}/approve", "For the platform team, and never one's own")
            .answers::<LeaseView>(200),
        Operation::post("/api/v1/quota-requests/{id}/deny", "For the platform team, with a reason")
            .takes::<quota_requests::DenyBody>()
            .answers::<LeaseView>(200),
        Operation::post("/api/v1/quota-requests/{id}/withdraw", "For the team that asked; gives back what was granted")
            .answers::<LeaseView>(200),
    ]
}

fn delivery() -> Vec<Operation> {
    vec![
        Operation::get("/api/v1/environments", "Services in namespaces of clusters: what should run, and what does")
            .query::<environments::ListQuery>()
            .lists::<EnvironmentView>(),
        Operation::get("/api/v1/deliveries", "Environments: what should run in each, and what does")
            .query::<deliveries::ListQuery>()
            .lists::<DeliveryView>(),
        Operation::get("/api/v1/delivery-changes", "Promotions and roll-backs, the latest hundred")
            .query::<deliveries::ListQuery>()
            .lists::<ChangeView>(),
        Operation::post("/api/v1/delivery-changes", "Asks for a promotion or a roll-back; a worker works it out")
            .takes::<deliveries::ChangeBody>()
            .answers::<ChangeView>(202),
        Operation::get("/api/v1/delivery-changes/{id}", "One change").answers::<ChangeView>(200),
        Operation::post("/api/v1/delivery-changes/{id}/confirm", "By whoever asked, after reading the difference")
            .answers::<ChangeView>(200),
        Operation::post("/api/v1/delivery-changes/{id}/approve", "By a lead of the team who did not ask")
            .answers::<ChangeView>(200),
        Operation::post("/api/v1/delivery-changes/{id}/deny", "By a lead of the team who did not ask, with a reason")
            .takes::<deliveries::DenyBody>()
            .answers::<ChangeView>(200),
        Operation::post("/api/v1/delivery-changes/{id}/withdraw", "By whoever asked, before it is pushed")
            .answers::<ChangeView>(200),
    ]
}

fn maturity() -> Vec<Operation> {
    vec![
        Operation::get("/api/v1/maturity/scores", "Levels by subject and dimension")
            .query::<maturity::ScoreQuery>()
            .lists_with::<Score, maturity::Told>(),
        Operation::get(
            "/api/v1/maturity/explain",
            "What each rule says of one subject, with the tree of what was found",
        )
        .query::<maturity::ScoreQuery>()
        .lists_with::<Explained, maturity::Told>(),
    ]
}
