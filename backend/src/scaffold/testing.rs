//! Plans and budgets for the tests of this module.

use domain::scaffold::{Plan, PlannedEntity, PlannedFile, PlannedNamespace, PlannedRepository};
use serde_json::json;
use time::macros::datetime;

use crate::Db;

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

/// Cards that a team may be promised on the local cluster.
pub(super) async fn budget(db: &Db, team: &str, amount: i32) {
    sqlx::query("insert into team_budget (team, cluster, resource, amount) values ($1, 'local', 'nvidia.com/gpu', $2)")
        .bind(team)
        .bind(amount)
        .execute(&db.pool)
        .await
        .unwrap();
}
