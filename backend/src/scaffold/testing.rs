//! People and plans for the tests of this module.

use domain::{
    access::{RoleGroups, Viewer},
    scaffold::{Plan, PlannedEntity, PlannedFile, PlannedNamespace, PlannedRepository},
};
use serde_json::json;
use time::macros::datetime;
use uuid::Uuid;

use crate::{
    Db,
    access::{self, Identity},
    catalog,
};

/// Somebody of a team; the team is put into the catalog.
pub(super) async fn member(db: &Db, login: &str, team: &str) -> Viewer {
    let reference = format!("group:default/{team}").parse().unwrap();
    let mut tx = db.pool.begin().await.unwrap();
    catalog::register(&mut tx, &reference, &json!({"kind": "Group"}), "test").await.unwrap();
    tx.commit().await.unwrap();
    let identity = Identity {
        issuer: "https://id.example".into(),
        subject: login.into(),
        login: login.into(),
        name: login.into(),
        email: None,
        groups: vec![team.into()],
    };
    let person = access::sign_in(db, &identity).await.unwrap();
    let roles =
        RoleGroups { platform: "platform".into(), operator: "operators".into(), leadership: "leadership".into() };
    let viewer = access::signed_in(db, &roles, person.0).await.unwrap().viewer;
    assert_eq!(viewer.teams, [team]);
    viewer
}

pub(super) fn web_service(name: &str) -> Plan {
    Plan {
        golden_path: "web-service".into(),
        version: "1.0.0".into(),
        parameters: json!({"name": name}),
        owner: "group:default/payments".parse().unwrap(),
        service: name.parse().unwrap(),
        planned_at: datetime!(2026-05-01 10:00 UTC),
        repository: PlannedRepository {
            owner: "payments".into(),
            name: name.into(),
            description: "Takes orders".into(),
        },
        files: vec![PlannedFile {
            path: "README.md".parse().unwrap(),
            content: format!("# {name}\n"),
            executable: false,
        }],
        entity: PlannedEntity {
            reference: format!("component:default/{name}").parse().unwrap(),
            document: json!({"kind": "Component", "metadata": {"name": name}, "spec": {"owner": "payments"}}),
        },
        namespaces: vec![PlannedNamespace {
            cluster: "local".into(),
            name: format!("payments-{name}-dev"),
            environment: "dev".into(),
            size: domain::provisioning::Size::Small,
        }],
        reservations: vec![],
        leases: vec![],
        delivery: vec![],
    }
}

/// Stores a plan as the worker would and returns its id and hash.
pub(super) async fn store_plan(db: &Db, viewer: &Viewer, plan: &Plan) -> (Uuid, String) {
    let hash = plan.hash().unwrap();
    let id = sqlx::query_scalar(
        "insert into plan (person_id, team, golden_path, version, state, parameters, content, hash, planned_at)
         values ($1, $2, $3, $4, 'ready', $5, $6, $7, now()) returning plan_id",
    )
    .bind(viewer.person.0)
    .bind(plan.team())
    .bind(&plan.golden_path)
    .bind(&plan.version)
    .bind(&plan.parameters)
    .bind(serde_json::to_value(plan).unwrap())
    .bind(&hash)
    .fetch_one(&db.pool)
    .await
    .unwrap();
    (id, hash)
}

/// Cards that a team may be promised on the local cluster.
pub(super) async fn budget(db: &Db, team: &str, amount: i32) {
    sqlx::query("insert into team_budget (team, cluster, resource, amount) values ($1, 'local', 'nvidia.com/gpu', $2)")
        .bind(team)
        .bind(amount)
        .execute(&db.pool)
        .await
        .unwrap();
}
