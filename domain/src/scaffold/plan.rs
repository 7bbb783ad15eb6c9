//! The plan: everything that a run will do, decided before anything is done.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::tree::RelPath;
use crate::{
    catalog::{EntityRef, Name},
    provisioning::Size,
};

/// What will be made. It is stored as it is here, and its hash is what people agree to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub golden_path: String,
    /// The version of the path; with the parameters it decides every byte of the files.
    pub version: String,
    pub parameters: Value,
    pub owner: EntityRef,
    pub service: Name,
    /// The time of the commit, so that the same plan makes the same commit. Whole seconds, UTC.
    #[serde(with = "time::serde::timestamp")]
    pub planned_at: OffsetDateTime,
    pub repository: PlannedRepository,
    pub files: Vec<PlannedFile>,
    pub entity: PlannedEntity,
    pub namespaces: Vec<PlannedNamespace>,
    /// What is promised to the run the moment it is accepted.
    pub reservations: Vec<Reservation>,
    /// Accelerators, asked for by environment. Left out of the hash when there are none, as older plans have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leases: Vec<PlannedLease>,
    /// What the delivery engine syncs, by environment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delivery: Vec<PlannedDelivery>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedRepository {
    /// The team's organisation at the Git host.
    pub owner: String,
    pub name: String,
    pub description: String,
}

/// One file of the first commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFile {
    pub path: RelPath,
    pub content: String,
    #[serde(default)]
    pub executable: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedEntity {
    pub reference: EntityRef,
    /// The whole entity as `catalog-info.yaml` has it.
    pub document: Value,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedNamespace {
    pub cluster: String,
    pub name: String,
    pub environment: String,
    pub size: Size,
}

/// Accelerators for a time, by the name that nodes give them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedLease {
    pub cluster: String,
    pub namespace: String,
    pub environment: String,
    pub resource: String,
    pub count: u16,
    pub days: u16,
    pub reason: String,
}

/// A folder of the repository that is kept running in a namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedDelivery {
    pub cluster: String,
    pub namespace: String,
    pub environment: String,
    pub branch: String,
    /// Of the overlay, relative to the repository's root.
    pub folder: RelPath,
}

/// Whole cards or slices of one resource on one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    pub cluster: String,
    pub resource: String,
    pub amount: u16,
}

impl Plan {
    /// SHA-256 over the plan as JSON, in hex. Field order is fixed by the type, key order in documents by the map.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        let bytes = serde_json::to_vec(self)?;
        Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The name of the catalog group that will own the service.
    pub fn team(&self) -> &str {
        self.owner.name()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    pub(crate) fn plan() -> Plan {
        Plan {
            golden_path: "web-service".into(),
            version: "1.0.0".into(),
            parameters: json!({"name": "checkout", "owner": "group:default/payments"}),
            owner: "group:default/payments".parse().unwrap(),
            service: "checkout".parse().unwrap(),
            planned_at: datetime!(2026-05-01 10:00 UTC),
            repository: PlannedRepository {
                owner: "payments".into(),
                name: "checkout".into(),
                description: "Takes orders".into(),
            },
            files: vec![PlannedFile {
                path: "README.md".parse().unwrap(),
                content: "# checkout\n".into(),
                executable: false,
            }],
            entity: PlannedEntity {
                reference: "component:default/checkout".parse().unwrap(),
                document: json!({"kind": "Component"}),
            },
            namespaces: vec![PlannedNamespace {
                cluster: "local".into(),
                name: "payments-checkout-dev".into(),
                environment: "dev".into(),
                size: Size::Small,
            }],
            reservations: vec![],
            leases: vec![],
            delivery: vec![],
        }
    }

    pub(crate) fn lease() -> PlannedLease {
        PlannedLease {
            cluster: "local".into(),
            namespace: "payments-checkout-dev".into(),
            environment: "dev".into(),
            resource: "nvidia.com/gpu".into(),
            count: 1,
            days: 30,
            reason: "First lease".into(),
        }
    }

    #[test]
    fn the_hash_follows_every_part_and_survives_storage() {
        let original = plan().hash().unwrap();
        let stored: Plan = serde_json::from_value(serde_json::to_value(plan()).unwrap()).unwrap();
        assert_eq!(stored.hash().unwrap(), original);
        let changes: [fn(&mut Plan); 8] = [
            |p| p.version.push('1'),
            |p| p.files[0].content.push('x'),
            |p| p.files[0].executable = true,
            |p| p.planned_at += time::Duration::SECOND,
            |p| p.namespaces[0].size = Size::Large,
            |p| {
                p.reservations.push(Reservation {
                    cluster: "local".into(),
                    resource: "nvidia.com/gpu".into(),
                    amount: 1,
                })
            },
            |p| p.leases.push(lease()),
            |p| {
                p.delivery.push(PlannedDelivery {
                    cluster: "local".into(),
                    namespace: "payments-checkout-dev".into(),
                    environment: "dev".into(),
                    branch: "main".into(),
                    folder: "deploy/overlays/dev".parse().unwrap(),
                })
            },
        ];
        for change in changes {
            let mut changed = plan();
            change(&mut changed);
            assert_ne!(changed.hash().unwrap(), original);
        }
    }
}
