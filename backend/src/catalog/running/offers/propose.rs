//! Who might own what runs, and why.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{
    access::Viewer,
    catalog::{EntityRef, running::Labels},
};
use sqlx::PgConnection;

use crate::Result;

/// Why somebody is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferReason {
    /// A label of this key names them; on the namespace where it is not on the workload itself.
    Label { key: &'static str, is_of_namespace: bool },
    /// They own the system that a label says it is a part of.
    Whole { system: String },
    /// They own most of what runs in the namespace.
    Neighbours,
}

/// What speaks for somebody.
pub(super) struct Hints {
    /// Labels of the workloads themselves.
    pub(super) own: Vec<Labels>,
    pub(super) namespace: Labels,
    /// Owners of what runs beside it.
    pub(super) neighbours: Vec<String>,
}

/// Those that hints name and that the viewer sees in the catalog.
pub(super) struct Known {
    /// Full references.
    living: HashSet<String>,
    /// The owner of each system, by name.
    systems: HashMap<String, String>,
}

const PART_OF: &str = "app.kubernetes.io/part-of";
/// The strongest first.
const KEYS: [&str; 3] = ["team", "owner", PART_OF];

impl Known {
    pub(super) async fn look_up<'a>(
        db: &mut PgConnection,
        viewer: &Viewer,
        hints: impl Iterator<Item = &'a Hints>,
    ) -> Result<Self> {
        let (mut names, mut owners) = (HashSet::new(), HashSet::new());
        for hint in hints {
            let labels = hint.own.iter().chain([&hint.namespace]);
            names.extend(
                labels.flat_map(|labels| KEYS.iter().filter_map(|key| labels.get(*key))).map(|of| of.to_lowercase()),
            );
            owners.extend(hint.neighbours.iter().cloned());
        }
        let names: Vec<String> = names.into_iter().collect();
        let systems = sqlx::query!(
            r#"select name, owner as "owner!" from entity
               where kind = 'system' and namespace = 'default' and name = any ($1) and owner is not null and readers && $2::text[]"#,
            &names,
            &viewer.catalog_readers(),
        )
        .fetch_all(&mut *db)
        .await?;
        let systems: HashMap<String, String> = systems.into_iter().map(|row| (row.name, row.owner)).collect();
        owners.extend(systems.values().cloned());
        owners.extend(names.iter().map(|name| group(name)));
        let living = sqlx::query_scalar!(
            r#"select reference as "reference!" from entity
               where reference = any ($1) and kind in ('group', 'user') and orphaned_at is null and readers && $2::text[]"#,
            &owners.into_iter().collect::<Vec<String>>(),
            &viewer.catalog_readers(),
        )
        .fetch_all(db)
        .await?;
        Ok(Self { living: living.into_iter().collect(), systems })
    }

    /// The strongest of all that speaks for somebody.
    pub(super) fn proposal(&self, hints: &Hints) -> Option<(EntityRef, OfferReason)> {
        let own = hints.own.iter().map(|labels| (labels, false));
        let mut by_label = KEYS.iter().flat_map(|key| own.clone().map(move |(labels, is)| (*key, labels, is)));
        let mut of_namespace = KEYS.iter().map(|key| (*key, &hints.namespace, true));
        let named = by_label
            .find_map(|(key, labels, is)| self.named(key, labels, is))
            .or_else(|| of_namespace.find_map(|(key, labels, is)| self.named(key, labels, is)));
        let (owner, reason) = named.or_else(|| Some((self.of_most(&hints.neighbours)?, OfferReason::Neighbours)))?;
        Some((owner.parse().ok()?, reason))
    }

    fn named(&self, key: &'static str, labels: &Labels, is_of_namespace: bool) -> Option<(String, OfferReason)> {
        let name = labels.get(key)?.to_lowercase();
        if self.living.contains(&group(&name)) {
            return Some((group(&name), OfferReason::Label { key, is_of_namespace }));
        }
        let owner = self.systems.get(&name).filter(|owner| key == PART_OF && self.living.contains(*owner))?;
        Some((owner.clone(), OfferReason::Whole { system: name }))
    }

    fn of_most(&self, owners: &[String]) -> Option<String> {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for owner in owners.iter().filter(|owner| self.living.contains(*owner)) {
            *counts.entry(owner).or_default() += 1;
        }
        // Of two with as much, the first by name.
        let most = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
        Some(most.0.clone())
    }
}

fn group(name: &str) -> String {
    format!("group:default/{name}")
}
