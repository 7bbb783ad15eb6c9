//! The API's description: complete, sound, and true of what is answered.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use server::{api, router};

use crate::{
    forms::publish,
    runs::plan_of,
    support::{Person, TestApp},
};

fn document() -> Value {
    serde_json::to_value(api::document()).unwrap()
}

#[tokio::test]
async fn every_route_of_the_api_is_described_and_nothing_else() {
    let app = TestApp::start().await;
    let routes = router::routes(&app.state).into_iter().filter(|route| route.path.starts_with("/api/v1/"));
    let routes: BTreeSet<String> = routes.map(|route| format!("{} {}", route.method, route.path)).collect();
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let described = paths.iter().flat_map(|(path, item)| {
        let methods = item
            .as_object()
            .unwrap()
            .keys()
            .filter(|key| ["get", "post", "put", "patch", "delete"].contains(&key.as_str()));
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    assert_eq!(described.collect::<BTreeSet<_>>(), routes);
}

#[test]
fn every_reference_leads_somewhere_and_every_operation_says_how_it_fails() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in &references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    assert_eq!(document["openapi"], "3.1.0");
    let problem = &document["components"]["schemas"]["Problem"];
    for field in ["code", "detail", "request_id"] {
        assert!(problem["required"].as_array().unwrap().contains(&json!(field)), "{problem}");
    }
    for (path, item) in document["paths"].as_object().unwrap() {
        for operation in item.as_object().unwrap().values() {
            let unauthenticated = &operation["responses"]["401"]["$ref"];
            assert_eq!(unauthenticated, "#/components/responses/Problem", "{path}");
            assert!(operation["summary"].as_str().is_some_and(|words| words.len() > 5), "{path}");
        }
        if let Some(post) = item.get("post") {
            let names: Vec<&Value> = post["parameters"].as_array().unwrap().iter().map(|p| &p["name"]).collect();
            assert!(names.contains(&&json!("Idempotency-Key")), "{path}: {names:?}");
        }
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                references.insert(reference.clone());
            }
            map.values().for_each(|item| collect(item, references));
        }
        _ => {}
    }
}

/// What is answered is what is described, field by field.
#[tokio::test]
async fn answers_are_what_is_described() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = plan_of(&app, &developer, "checkout").await;
    let body = json!({ "plan_id": plan, "plan_hash": hash });
    let (status, run) = developer.post_json("/api/v1/runs", &[], &body).await;
    assert_eq!(status, 202);
    check("post", "/api/v1/runs", "202", &run);
    let run = run["id"].as_str().unwrap().to_owned();
    for (path, address) in [
        ("/api/v1/openapi.json", "/api/v1/openapi.json".to_owned()),
        ("/api/v1/me", "/api/v1/me".to_owned()),
        ("/api/v1/tokens", "/api/v1/tokens".to_owned()),
        ("/api/v1/golden-paths", "/api/v1/golden-paths".to_owned()),
        ("/api/v1/golden-paths/{name}", "/api/v1/golden-paths/web-service".to_owned()),
        ("/api/v1/plans/{id}", format!("/api/v1/plans/{plan}")),
        ("/api/v1/runs", "/api/v1/runs".to_owned()),
        ("/api/v1/runs/{id}", format!("/api/v1/runs/{run}")),
        ("/api/v1/namespaces", "/api/v1/namespaces".to_owned()),
        ("/api/v1/quota-requests", "/api/v1/quota-requests".to_owned()),
        ("/api/v1/deliveries", "/api/v1/deliveries".to_owned()),
        ("/api/v1/delivery-changes", "/api/v1/delivery-changes".to_owned()),
        ("/api/v1/maturity/scores", "/api/v1/maturity/scores".to_owned()),
        ("/api/v1/maturity/explain", "/api/v1/maturity/explain?subject=group:default/payments".to_owned()),
    ] {
        checked(&developer, path, &address).await;
    }
    let (status, problem) = developer.get_json("/api/v1/runs?state=done").await;
    assert_eq!(status, 422);
    valid("#/components/schemas/Problem", &problem);
}

async fn checked(person: &Person, path: &str, address: &str) {
    let (status, answer) = person.get_json(address).await;
    assert_eq!(status, 200, "{address}: {answer}");
    check("get", path, "200", &answer);
}

fn check(method: &str, path: &str, status: &str, answer: &Value) {
    let path = path.replace('/', "~1");
    valid(&format!("#/paths/{path}/{method}/responses/{status}/content/application~1json/schema"), answer);
}

/// The whole description is the schema, with the place where it begins.
fn valid(pointer: &str, answer: &Value) {
    let mut schema = document();
    assert!(schema.pointer(&pointer[1..]).is_some(), "{pointer}");
    schema["$ref"] = json!(pointer.replace('{', "%7B").replace('}', "%7D"));
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{pointer}: {wrong:?} in {answer}");
}
