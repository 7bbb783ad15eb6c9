//! Backstage's catalog read API: its forms, its errors, and who is told what.

use axum::body::Body;
use backend::{
    audit::Actor,
    catalog::{Collected, FileText, import},
};
use serde_json::{Value, json};

use crate::{
    support::{Person, TestApp, read_json},
    tokens::make,
};

const ENTITIES: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ledger, description: Books every movement, tags: [java]}
spec: {type: service, lifecycle: production, owner: payments}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: refunds}
spec: {type: service, lifecycle: production, owner: search}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: books}
spec: {type: openapi, lifecycle: production, owner: payments, definition: x}
";

async fn filled() -> TestApp {
    let app = TestApp::start().await;
    let collected = Collected::of(vec![FileText::new("all.yaml", ENTITIES)]);
    assert_eq!(import(&app.db, &Actor::System("test"), "file:all.yaml", &collected).await.unwrap().added, 3);
    app
}

fn names(items: &Value) -> Vec<&str> {
    items.as_array().unwrap().iter().map(|entity| entity["metadata"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_list_has_no_envelope_and_its_header_leads_on() {
    let app = filled().await;
    let person = app.person("developer", &["payments"]).await;
    let (status, all) = person.get_json("/api/catalog/entities").await;
    assert_eq!((status, names(&all)), (200, vec!["books", "ledger", "refunds", "payments", "search"]));
    let (_, none) = person.get_json("/api/catalog/entities?filter=kind=robot").await;
    assert_eq!(none, json!([]));
    let (_, some) =
        person.get_json("/api/catalog/entities?filter=kind=component&fields=metadata.name,spec.owner").await;
    assert_eq!(some[0], json!({"metadata": {"name": "ledger"}, "spec": {"owner": "payments"}}));
    let (_, ordered) = person.get_json("/api/catalog/entities?order=desc:kind&order=desc:metadata.name&offset=1").await;
    assert_eq!(names(&ordered), ["payments", "refunds", "ledger", "books"]);
    let page = person.send("GET", "/api/catalog/entities?limit=2&order=asc:metadata.name", &[], Body::empty()).await;
    let link = page.headers()["link"].to_str().unwrap().to_owned();
    assert_eq!(names(&read_json(page).await.1), ["books", "ledger"]);
    let next = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap();
    let page = person.send("GET", next, &[], Body::empty()).await;
    assert!(page.headers().contains_key("link"));
    assert_eq!(names(&read_json(page).await.1), ["payments", "refunds"]);
}

#[tokio::test]
async fn cursors_lead_both_ways_and_keep_the_question() {
    let app = filled().await;
    let person = app.person("developer", &["payments"]).await;
    let first = "/api/catalog/entities/by-query?limit=1&filter=kind=component&orderField=metadata.name,desc";
    let (_, page) = person.get_json(first).await;
    assert_eq!((names(&page["items"]), &page["totalItems"]), (vec!["refunds"], &json!(2)));
    assert_eq!(page["pageInfo"].get("prevCursor"), None);
    let at = |page: &Value, key: &str| {
        let cursor = page["pageInfo"][key].as_str().unwrap().to_owned();
        url::form_urlencoded::Serializer::new(String::new())
            .append_pair("cursor", &cursor)
            .append_pair("limit", "1")
            .finish()
    };
    let (_, second) = person.get_json(&format!("/api/catalog/entities/by-query?{}", at(&page, "nextCursor"))).await;
    assert_eq!((names(&second["items"]), &second["totalItems"]), (vec!["ledger"], &json!(2)));
    assert_eq!(second["pageInfo"].get("nextCursor"), None);
    let (_, back) = person.get_json(&format!("/api/catalog/entities/by-query?{}", at(&second, "prevCursor"))).await;
    assert_eq!(names(&back["items"]), ["refunds"]);
    let query =
        json!({"query": {"kind": "component"}, "limit": 1, "orderBy": [{"field": "metadata.name", "order": "asc"}]});
    let (_, page) = person.post_json("/api/catalog/entities/by-query", &[], &query).await;
    assert_eq!((names(&page["items"]), &page["totalItems"]), (vec!["ledger"], &json!(2)));
    let cursor = json!({ "cursor": page["pageInfo"]["nextCursor"] });
    let (_, second) = person.post_json("/api/catalog/entities/by-query", &[], &cursor).await;
    assert_eq!(names(&second["items"]), ["refunds"]);
    let words = "/api/catalog/entities/by-query?fullTextFilterTerm=movement&totalItems=exclude";
    let (_, found) = person.get_json(words).await;
    assert_eq!((names(&found["items"]), &found["totalItems"]), (vec!["ledger"], &json!(0)));
}

#[tokio::test]
async fn what_is_wrong_is_told_in_backstage_s_form() {
    let app = filled().await;
    let person = app.person("developer", &["payments"]).await;
    let by_query = "/api/catalog/entities/by-query";
    let other = "eyJmaWx0ZXIiOltdLCJvcmRlciI6W10sIndvcmRzIjpudWxsfQ==";
    for (address, word) in [
        (format!("{by_query}?cursor=x"), "cursor"),
        (format!("{by_query}?cursor={other}"), "cursor"),
        (format!("{by_query}?filter==a"), "filter"),
        (format!("{by_query}?limit=-1"), "limit"),
        (format!("{by_query}?limit=9999999999999999999"), "limit"),
        (format!("{by_query}?offset=a"), "offset"),
        (format!("{by_query}?orderField=kind,up"), "asc or desc"),
        (format!("{by_query}?fields=a[0]"), "whole list"),
        (format!("{by_query}?totalItems=some"), "exclude"),
        (format!("{by_query}?fullTextFilterTerm={}", "x".repeat(201)), "200"),
        ("/api/catalog/entities?order=kind".into(), "direction"),
        ("/api/catalog/entities?limit=0".into(), "limit"),
        ("/api/catalog/entities?after=x".into(), "cursor"),
        ("/api/catalog/entity-facets".into(), "facet"),
    ] {
        let answer = person.send("GET", &address, &[], Body::empty()).await;
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/json"), "{address}");
        let (status, body) = read_json(answer).await;
        assert_eq!((status, &body["error"]["name"]), (400, &json!("InputError")), "{address}: {body}");
        assert!(body["error"]["message"].as_str().unwrap().contains(word), "{address}: {body}");
        assert_eq!(body["request"], json!({"method": "GET", "url": address}));
        assert_eq!(body["response"], json!({"statusCode": 400}));
    }
    for body in [json!({"query": []}), json!({"query": {"$nor": []}}), json!({"filter": []}), json!({"limit": "1"})] {
        let (status, answer) = person.post_json(by_query, &[], &body).await;
        assert_eq!((status, &answer["error"]["name"]), (400, &json!("InputError")), "{body}: {answer}");
    }
    let (status, missing) = person.get_json("/api/catalog/nothing").await;
    assert_eq!((status, &missing["error"]["name"]), (404, &json!("NotFoundError")));
    let (status, unknown) = app.anonymous().get_json(by_query).await;
    assert_eq!((status, &unknown["error"]["name"]), (401, &json!("AuthenticationError")));
    let deleted = person.send("DELETE", by_query, &[("sec-fetch-site", "same-origin")], Body::empty()).await;
    assert_eq!(read_json(deleted).await.1["error"]["name"], "NotAllowedError");
    let (_, elsewhere) = person.get_json("/api/v1/nothing").await;
    assert_eq!(elsewhere["code"], "not_found", "no other address has that form");
}

#[tokio::test]
async fn a_token_that_may_only_read_may_ask_long_questions() {
    let app = filled().await;
    let person = app.person("developer", &["payments"]).await;
    let made = make(&person, &["read"]).await;
    let program = app.program(made["token"].as_str().unwrap());
    let refs: Vec<String> =
        (0..1_000).map(|n| format!("component:default/{n:060}")).chain(["Component:Ledger".into()]).collect();
    let (status, found) =
        posted(&program, "entities/by-refs", &json!({ "entityRefs": refs, "fields": ["kind"] })).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!((&found["items"][0], &found["items"][1_000]), (&Value::Null, &json!({"kind": "Component"})));
    for (path, body) in [
        ("entities/by-query", json!({})),
        ("entity-facets", json!({"facets": ["kind"]})),
        ("locations/by-query", json!({})),
    ] {
        assert_eq!(posted(&program, path, &body).await.0, 200, "{path}");
    }
    let (status, refused) = posted(&program, "refresh", &json!({"entityRef": "component:default/ledger"})).await;
    assert_eq!((status, &refused["error"]["name"]), (403, &json!("NotAllowedError")));
    let large = json!({"entityRefs": ["x".repeat(130 * 1024)]});
    assert_eq!(posted(&program, "entities/by-refs", &large).await.0, 413);
}

async fn posted(person: &Person, path: &str, body: &Value) -> (u16, Value) {
    let json = [("content-type", "application/json")];
    read_json(person.send("POST", &format!("/api/catalog/{path}"), &json, Body::from(body.to_string())).await).await
}

/// Missing and hidden look the same, and nothing counts what is hidden.
#[tokio::test]
async fn an_outsider_learns_nothing() {
    let app = filled().await;
    let (person, outsider) = (app.person("developer", &["payments"]).await, app.person("outsider", &[]).await);
    let (_, ledger) = person.get_json("/api/catalog/entities/by-name/Component/default/Ledger").await;
    let uid = ledger["metadata"]["uid"].as_str().unwrap();
    let (_, all) = person.get_json("/api/catalog/locations").await;
    let location = all[0]["data"]["id"].as_str().unwrap();
    for path in [
        format!("entities/by-uid/{uid}"),
        "entities/by-name/component/default/ledger".into(),
        "entities/by-name/component/default/ledger/ancestry".into(),
        format!("locations/{location}"),
        "locations/by-entity/component/default/ledger".into(),
    ] {
        let address = format!("/api/catalog/{path}");
        let (status, hidden) = outsider.get_json(&address).await;
        assert_eq!((status, person.get_json(&address).await.0), (404, 200), "{path}");
        let missing = address.replace("ledger", "nothing").replace(uid, &uuid::Uuid::nil().to_string());
        let (_, missing) = outsider.get_json(&missing.replace(location, &uuid::Uuid::nil().to_string())).await;
        assert_eq!(hidden["error"], missing["error"], "{path}");
    }
    let refresh = json!({"entityRef": "component:default/ledger"});
    assert_eq!(outsider.post_json("/api/catalog/refresh", &[], &refresh).await.0, 404);
    assert_eq!(person.post_json("/api/catalog/refresh", &[], &refresh).await.0, 409);
    let nothing = "{\"items\":[],\"pageInfo\":{},\"totalItems\":0}";
    for query in ["", "?filter=kind=component", "?orderField=spec.owner", "?fullTextFilterTerm=ledger"] {
        let (_, found) = outsider.get_json(&format!("/api/catalog/entities/by-query{query}")).await;
        assert_eq!(found.to_string(), nothing, "{query}");
    }
    assert_eq!(outsider.get_json("/api/catalog/entities").await.1, json!([]));
    assert_eq!(outsider.get_json("/api/catalog/locations").await.1, json!([]));
    let (_, facets) = outsider.get_json("/api/catalog/entity-facets?facet=kind&facet=relations.ownedBy").await;
    assert_eq!(facets, json!({"facets": {"kind": [], "relations.ownedBy": []}}));
    let (_, facets) = person.get_json("/api/catalog/entity-facets?facet=relations.ownedBy&filter=kind=component").await;
    assert_eq!(facets["facets"]["relations.ownedBy"][0], json!({"value": "group:default/payments", "count": 1}));
    let refs = json!({"entityRefs": ["component:default/ledger", "::"]});
    let (_, found) = outsider.post_json("/api/catalog/entities/by-refs", &[], &refs).await;
    assert_eq!(found, json!({"items": [null, null]}));
}

#[tokio::test]
async fn an_entity_is_judged_as_its_file_would_be() {
    let app = TestApp::start().await;
    let person = app.person("developer", &["payments"]).await;
    let good = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": {"name": "a"},
        "spec": {"type": "service", "lifecycle": "production", "owner": "payments"},
    });
    let mut bad = good.clone();
    bad["metadata"]["name"] = json!("not a name");
    bad["spec"].as_object_mut().unwrap().remove("owner");
    let at = "url:https://git.example.com/a/b/catalog-info.yaml";
    for (entity, location, count) in
        [(&good, at, 0), (&bad, at, 2), (&json!(null), at, 1), (&json!({}), at, 3), (&good, "x", 1)]
    {
        let body = json!({ "entity": entity, "location": location });
        let (status, answer) = person.post_json("/api/catalog/validate-entity", &[], &body).await;
        if count == 0 {
            assert_eq!(status, 200, "{answer}");
            continue;
        }
        assert_eq!((status, answer["errors"].as_array().map(Vec::len)), (400, Some(count)), "{answer}");
        assert!(answer["errors"][0]["message"].as_str().is_some_and(|words| words.ends_with('.')), "{answer}");
    }
}

#[tokio::test]
async fn ancestry_follows_the_locations_that_led_to_an_entity() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let location = |name: &str, target: &str| {
        format!(
            "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: {name}}}\nspec: {{targets: ['{target}']}}\n"
        )
    };
    let component = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: deep}\nspec: {type: service, lifecycle: x, owner: payments}\n";
    std::fs::create_dir_all(folder.path().join("services/one")).unwrap();
    for (file, text) in [
        ("all.yaml", location("root", "./services/all.yaml")),
        ("services/all.yaml", location("services", "./*/catalog-info.yaml")),
        ("services/one/catalog-info.yaml", component.to_owned()),
    ] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let collected = backend::catalog::collect(&folder.path().join("all.yaml"), None).await.unwrap();
    let actor = backend::audit::Actor::System("test");
    backend::catalog::import(&app.db, &actor, "file:all.yaml", &collected).await.unwrap();
    let person = app.person("developer", &["payments"]).await;
    let (status, found) = person.get_json("/api/catalog/entities/by-name/component/default/deep/ancestry").await;
    let told = |at: usize| (&found["items"][at]["entity"]["metadata"]["name"], &found["items"][at]["parentEntityRefs"]);
    assert_eq!(
        (status, &found["rootEntityRef"], found["items"].as_array().map(Vec::len)),
        (200, &json!("component:default/deep"), Some(3))
    );
    assert_eq!(told(0), (&json!("deep"), &json!(["location:default/services"])));
    assert_eq!(told(1), (&json!("services"), &json!(["location:default/root"])));
    assert_eq!(told(2), (&json!("root"), &json!([])));
}
