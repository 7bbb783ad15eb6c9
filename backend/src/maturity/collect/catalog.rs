//! What the catalog says of components and of the teams that own them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{Collector, Observation};
use crate::{Db, Result};

pub(super) const ENTITY: &str = "catalog.entity";
pub(super) const COMPONENTS: &str = "catalog.components";
pub(super) const LINK: &str = "repo.link";

pub(super) struct Catalog;

/// A component with its document.
pub(super) struct Component {
    pub(super) reference: String,
    pub(super) owner: Option<String>,
    pub(super) document: Value,
}

#[async_trait]
impl Collector for Catalog {
    fn name(&self) -> &'static str {
        "catalog"
    }

    async fn collect(&self, db: &Db) -> Result<Vec<Observation>> {
        let components = components(db).await?;
        let mut observations = Vec::new();
        for component in &components {
            let source = Some(component.reference.clone());
            let text = |pointer: &str| component.document.pointer(pointer).and_then(Value::as_str);
            let entity = json!({ "type": text("/spec/type"), "system": text("/spec/system") });
            observations.push(Observation::now(&component.reference, ENTITY, entity, source.clone()));
            let location = source_location(&component.document);
            let link = json!({ "declared": location.is_some(), "location": location });
            observations.push(Observation::now(&component.reference, LINK, link, source));
        }
        observations.extend(owned(&components));
        Ok(observations)
    }
}

/// Where the entry says that its source is, without the kind of the address.
pub(super) fn source_location(document: &Value) -> Option<&str> {
    let annotations = &document["metadata"]["annotations"];
    let location = annotations["backstage.io/source-location"].as_str()?;
    location.strip_prefix("url:").filter(|location| !location.is_empty())
}

pub(super) async fn components(db: &Db) -> Result<Vec<Component>> {
    let components = sqlx::query_as!(
        Component,
        r#"select kind || ':' || namespace || '/' || name as "reference!", owner, document
           from entity where kind = 'component' order by namespace, name"#
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(components)
}

/// What each team owns.
fn owned(components: &[Component]) -> Vec<Observation> {
    let mut teams: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for component in components {
        if let Some(owner) = &component.owner {
            let system = component.document.pointer("/spec/system").and_then(Value::as_str);
            teams.entry(owner).or_default().push(json!({ "component": component.reference, "system": system }));
        }
    }
    let told = |(team, list): (&str, Vec<Value>)| {
        Observation::now(team, COMPONENTS, Value::Array(list), Some(team.to_owned()))
    };
    teams.into_iter().map(told).collect()
}
