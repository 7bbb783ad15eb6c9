//! What was taken over is given back as it was, of every kind.

use domain::catalog::descriptor::{read, write};
use serde_json::Value;

use super::*;

const KINDS: &str = r#"
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Till
  namespace: shop-front
  title: Till
  description: "Takes\n  money: yes"
  labels: {team.example/tier: "1", empty: ""}
  annotations: {a.example/flag: "true", backstage.io/source-location: "url:https://git.example/p/c/"}
  tags: [java, "c++", "a:b"]
  links: [{url: "https://a.example/x", title: X, icon: web, type: admin}]
  extra: {deep: [1, 2.5, null, {x: y}]}
spec:
  type: service
  lifecycle: anything goes
  owner: user:jane
  system: Shop
  subcomponentOf: whole
  providesApis: [b, a]
  consumesApis: [other/c]
  dependsOn: [resource:db, component:default/x]
  dependencyOf: [component:y]
  custom: {kept: true}
---
apiVersion: backstage.io/v1beta1
kind: API
metadata: {name: pay}
spec: {type: openapi, lifecycle: x, owner: payments, definition: "openapi: 3.1.0\n"}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: tools}
spec: {type: mcp-server, lifecycle: x, owner: payments, remotes: [{type: sse, url: "https://a.example/mcp"}]}
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: {name: db}
spec: {type: database, owner: payments, dependencyOf: [component:till]}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: payments, domain: sales}
---
apiVersion: backstage.io/v1alpha1
kind: Domain
metadata: {name: sales}
spec: {owner: payments, subdomainOf: all, type: area}
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: payments}
spec: {type: team, parent: shop, children: [b, a], members: [joe, jane], profile: {displayName: Pay, email: a@b.example}}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: jane}
spec: {memberOf: [payments], profile: {displayName: Jane}}
---
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: nothing}
spec: {}
---
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service}
spec: {type: service, owner: payments, parameters: [{title: A}], steps: [{id: a, action: "debug:log", input: {message: "${{ parameters.x }}"}}]}
---
apiVersion: backstage.io/v1alpha1
kind: AiResource
metadata: {name: helper}
spec: {type: skill, lifecycle: x, owner: payments, skills: [a]}
---
apiVersion: example.org/v2
kind: Spaceship
metadata: {name: one}
spec: {engine: {thrust: 12.50}}
"#;

async fn exported(db: &Db, owner: Option<&str>) -> Vec<Value> {
    let owner = owner.map(|owner| owner.parse().unwrap());
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let some = export(db, owner.as_ref(), &after).await.unwrap();
        let Some((last, _)) = some.last() else { return all };
        after.clone_from(last);
        all.extend(some.into_iter().map(|(_, document)| document));
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn every_kind_comes_back_as_it_was_given(pool: PgPool) {
    let db = Db::of_pool(pool);
    let given = read(KINDS);
    assert_eq!(
        (given.findings.iter().filter(|one| one.is_error()).count(), given.descriptors.len()),
        (0, 12),
        "{:?}",
        given.findings
    );
    let imported = take(&db, "file:kinds", KINDS).await;
    assert_eq!((imported.added, imported.errors), (12, vec![]));
    let back = exported(&db, None).await;
    for descriptor in &given.descriptors {
        assert!(back.contains(&descriptor.document), "{}: {:?}", descriptor.reference, descriptor.document);
    }
    let text = write(&back);
    let again = read(&text);
    assert_eq!(again.descriptors.len(), 12);
    let lists = ["b, a", "resource:db, component:default/x"];
    assert!(
        lists.iter().all(|list| KINDS.contains(list)) && text.contains("  - a\n  - b\n"),
        "lists are sorted: {text}"
    );
    // Taken over where nothing else is, it is the same again, byte by byte.
    sqlx::query("delete from entity").execute(&db.pool).await.unwrap();
    assert_eq!(take(&db, "file:export", &text).await.errors, []);
    assert_eq!(write(&exported(&db, None).await), text);
    assert_eq!(exported(&db, Some("user:shop-front/jane")).await.len(), 1);
    assert_eq!(exported(&db, Some("group:default/payments")).await.len(), 7);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn more_than_one_piece_is_exported_once_and_what_was_taken_out_never(pool: PgPool) {
    let db = Db::of_pool(pool);
    let many: String = (0..1_001).map(|at| component(&format!("c-{at}"), "")).collect();
    take(&db, "file:many", &many).await;
    sqlx::query("update entity set removed_at = now() where name = 'c-7'").execute(&db.pool).await.unwrap();
    assert_eq!(exported(&db, None).await.len(), 1_000);
}
