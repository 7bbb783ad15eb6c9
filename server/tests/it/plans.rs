//! Plans: asked for over the API, created from, and what happens when the world has moved.

use backend::{catalog, testing};
use domain::scaffold::{Plan, PlannedEntity, PlannedFile, PlannedRepository};
use serde_json::{Value, json};
use time::macros::datetime;

use crate::{
    forms::{FORM, publish, publish_changed},
    support::{Person, TestApp, location, text},
};

const PLANS: &str = "/api/v1/golden-paths/web-service/plans";

/// A plan as a worker would have answered it: the address of its page and its hash.
async fn ready_plan(app: &TestApp, person: &Person, name: &str) -> (String, String) {
    let plan = Plan {
        golden_path: "web-service".into(),
        version: "1.0.0".into(),
        parameters: json!({ "name": name, "owner": "group:default/payments", "port": 8081 }),
        owner: "group:default/payments".parse().unwrap(),
        service: name.parse().unwrap(),
        planned_at: datetime!(2026-05-01 10:00 UTC),
        repository: PlannedRepository { owner: "payments".into(), name: name.into(), description: String::new() },
        files: vec![PlannedFile {
            path: "docs/README.md".parse().unwrap(),
            content: "# <b>x</b>\n".into(),
            executable: false,
        }],
        entity: PlannedEntity {
            reference: format!("component:default/{name}").parse().unwrap(),
            document: json!({"kind": "Component"}),
        },
        namespaces: vec![],
        reservations: vec![],
        leases: vec![],
        delivery: vec![],
    };
    let (id, hash) = testing::plan(&app.db, person.id.unwrap(), &plan).await.unwrap();
    (format!("/golden-paths/web-service/plans/{id}"), hash)
}

async fn take_name(app: &TestApp, name: &str) {
    let text = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: {name}}}\nspec: {{type: service, lifecycle: \
         production, owner: payments}}\n"
    );
    let collected = catalog::Collected::of(vec![catalog::FileText::new("test.yaml", text)]);
    let actor = backend::audit::Actor::System("test");
    let imported = catalog::import(&app.db, &actor, "test", &collected).await.unwrap();
    assert_eq!(imported.added, 1, "{imported:?}");
}

#[tokio::test]
async fn a_plan_is_read_and_created_from_once() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    developer.post_form(FORM, &[("name", "checkout"), ("waymark:do", "save")]).await;
    let (plan, hash) = ready_plan(&app, &developer, "checkout").await;
    let page = text(developer.get(&plan).await).await;
    for part in
        ["This is what will happen", "Create checkout", "README.md", "&lt;b&gt;x", "Nobody has to approve this."]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(page.contains(&format!("value=\"{hash}\"")), "the button sends the hash that was read");
    let neighbour = app.person("neighbour", &["search"]).await;
    let create = format!("{plan}/create");
    assert_eq!(neighbour.post_form(&create, &[("hash", &hash)]).await.status(), 404);
    let run = location(&developer.post_form(&create, &[("hash", &hash)]).await);
    assert!(run.starts_with("/scaffold/"), "{run}");
    assert_eq!(location(&developer.post_form(&create, &[("hash", &hash)]).await), run, "twice is once");
    assert!(!text(developer.get("/").await).await.contains("Go on with checkout"), "the draft is used up");
    let page = text(developer.get(&plan).await).await;
    assert!(page.contains("Show the run") && !page.contains("Plan again"), "{page}");
    assert!(text(developer.get(&run).await).await.contains(&format!("href=\"{plan}\"")), "the run shows its plan");
}

#[tokio::test]
async fn a_world_that_has_moved_is_told_and_the_input_is_planned_again() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, hash) = ready_plan(&app, &developer, "checkout").await;
    take_name(&app, "checkout").await;
    let back = location(&developer.post_form(&format!("{plan}/create"), &[("hash", &hash)]).await);
    assert_eq!(back, plan);
    let page = text(developer.get(&plan).await).await;
    for part in ["The world has moved", "component:default/checkout is in the catalog by now", "Plan again"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Create checkout"), "{page}");
    let form = location(&developer.post_form(&format!("{plan}/again"), &[]).await);
    assert_eq!(form, FORM, "what is wrong now is wrong at a field");
    let page = text(developer.get(FORM).await).await;
    assert!(page.contains("id=\"field-name-error\"") && page.contains("exists in the catalog"), "{page}");
    assert!(page.contains("value=\"8081\""), "the input is that of the plan: {page}");
}

#[tokio::test]
async fn another_hash_than_the_one_that_was_read_creates_nothing() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let (plan, _) = ready_plan(&app, &developer, "checkout").await;
    let answer = developer.post_form(&format!("{plan}/create"), &[("hash", "0000")]).await;
    assert!([303, 409].contains(&answer.status().as_u16()), "{}", answer.status());
    assert_eq!(developer.get_json("/api/v1/runs").await.1["items"], json!([]));
    assert_eq!(developer.post_form(&format!("{plan}/create"), &[]).await.status(), 422);
}

#[tokio::test]
async fn the_api_lists_paths_and_names_the_fields_that_are_wrong() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let (_, list) = developer.get_json("/api/v1/golden-paths").await;
    assert_eq!((&list["items"][0]["name"], &list["next_cursor"]), (&json!("web-service"), &Value::Null));
    let (_, path) = developer.get_json("/api/v1/golden-paths/web-service").await;
    assert_eq!(path["parameters"]["required"], json!(["name", "owner"]));
    assert_eq!(path["versions"][0]["version"], "1.0.0");
    for (parameters, pointer) in [
        (json!({ "name": "a", "owner": "group:default/search" }), "/owner"),
        (json!({ "name": "A", "owner": "group:default/payments" }), "/name"),
        (json!({ "name": "a", "owner": "group:default/payments", "port": "8080" }), "/port"),
        (json!({ "name": "a", "owner": "group:default/payments", "colour": "red" }), "/colour"),
        (json!({ "name": "a", "owner": "group:default/payments", "description": "\u{0}" }), "/description"),
        (json!({ "owner": "group:default/payments" }), "/name"),
    ] {
        let (status, problem) = developer.post_json(PLANS, &[], &json!({ "parameters": parameters })).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(pointer)), "{problem}");
    }
    let (status, problem) = developer.post_json(PLANS, &[], &json!({ "parameters": {}, "force": 1 })).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/force")));
    let (status, _) =
        developer.post_json("/api/v1/golden-paths/nothing/plans", &[], &json!({ "parameters": {} })).await;
    assert_eq!(status, 404);
}

/// A path that takes any text would hand the database what it cannot store.
#[tokio::test]
async fn characters_that_cannot_be_stored_are_named_by_their_field() {
    let app = TestApp::start().await;
    publish_changed(&app, |document| document.replace("pattern: ^[^\\x00-\\x1f\\x7f]*$", "pattern: .")).await;
    let developer = app.person("developer", &["payments"]).await;
    let parameters = json!({ "name": "a", "owner": "group:default/payments", "description": "a\u{0}b" });
    let (status, problem) = developer.post_json(PLANS, &[], &json!({ "parameters": parameters })).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!("/description")), "{problem}");
    assert!(problem["errors"][0]["message"].as_str().unwrap().contains("zero character"), "{problem}");
}

/// No worker answers here, so the caller is told where the plan will be.
#[tokio::test]
async fn a_plan_that_takes_its_time_is_found_later() {
    let app = TestApp::start().await;
    publish(&app).await;
    let developer = app.person("developer", &["payments"]).await;
    let parameters = json!({ "name": "checkout", "owner": "group:default/payments" });
    let (status, answer) = developer.post_json(PLANS, &[], &json!({ "parameters": parameters })).await;
    assert_eq!((status, &answer["state"]), (202, &json!("planning")), "{answer}");
    let address = format!("/api/v1/plans/{}", answer["id"].as_str().unwrap());
    let (status, plan) = developer.get_json(&address).await;
    assert_eq!((status, &plan["hash"], &plan["parameters"]["port"]), (200, &Value::Null, &json!(8080)));
    let neighbour = app.person("neighbour", &["search"]).await;
    assert_eq!(neighbour.get_json(&address).await.0, 404);
}
