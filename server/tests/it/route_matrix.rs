//! Every address for every kind of person. A new route that is not in the table fails here.

use std::fmt::Write;

use axum::body::Body;
use server::{auth::Freshness, router};

use crate::support::{Person, TestApp};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// What each sees at each address: without a session, outside every team, in a team, on the platform team, leading.
#[tokio::test]
async fn every_route_answers_every_role_as_written_down() {
    let app = TestApp::start().await;
    let mut table = String::from("# method path: anonymous outsider developer platform leadership\n");
    for route in router::routes(&app.state) {
        let fresh = match route.guard.freshness {
            Freshness::Any => "",
            Freshness::Fresh if route.guard.form.is_some() => " (fresh sign-in, back to the page)",
            Freshness::Fresh => " (fresh sign-in)",
        };
        write!(table, "{} {}{fresh}:", route.method, route.path).unwrap();
        let path = route.path.replace("{id}", NOBODY);
        for person in people(&app).await {
            write!(table, " {}", status(&person, route.method, &path).await).unwrap();
        }
        table.push('\n');
    }
    let expected = include_str!("route_matrix.txt");
    assert_eq!(table, expected, "the table of routes and roles has changed; is each difference meant?");
}

/// Each route gets fresh sessions: one of the routes signs out.
async fn people(app: &TestApp) -> [Person; 5] {
    [
        app.anonymous(),
        app.person("outsider", &[]).await,
        app.person("developer", &["payments"]).await,
        app.person("platform", &["platform"]).await,
        app.person("leadership", &["leadership"]).await,
    ]
}

async fn status(person: &Person, method: &str, path: &str) -> u16 {
    let headers = [("accept", "text/html"), ("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    person.send(method, path, &headers, Body::from("{}")).await.status().as_u16()
}
