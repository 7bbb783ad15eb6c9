//! What is around an entity, step by step along the relations, as far as the viewer sees it.

use std::collections::BTreeSet;

use domain::{
    access::Viewer,
    catalog::{
        EntityRef,
        graph::{Edge, Node},
    },
};

use crate::{Db, Error, Result};

/// Entities, and how they are related among themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    pub focus: Node,
    /// Without the focus.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

/// Who owns what and who belongs to whom would join everything with everything. It is asked of people and groups alone.
const OF_PEOPLE: [&str; 6] = ["ownedBy", "ownerOf", "memberOf", "hasMember", "childOf", "parentOf"];
/// More entities are not looked around from in one step; a picture has no room for what they lead to.
const MOST_FROM: usize = 300;
/// More are not read.
const MOST_NODES: i64 = 3_000;
const MOST_EDGES: i64 = 20_000;

/// What is at most `depth` steps from an entity.
pub async fn surroundings(viewer: &Viewer, db: &Db, of: &EntityRef, depth: usize) -> Result<Surroundings> {
    let readers = viewer.catalog_readers();
    let left_out: &[&str] = if matches!(of.kind(), "group" | "user") { &[] } else { &OF_PEOPLE };
    let left_out: Vec<String> = left_out.iter().map(|name| (*name).to_owned()).collect();
    let mut reached = BTreeSet::from([of.to_string()]);
    let mut from: Vec<String> = reached.iter().cloned().collect();
    for _ in 0..depth {
        let next = next(db, &readers, &left_out, &from).await?;
        from = next.into_iter().filter(|reference| reached.insert(reference.clone())).take(MOST_FROM).collect();
    }
    let mut nodes = nodes(db, &readers, &reached.into_iter().collect::<Vec<_>>()).await?;
    let focus = nodes.iter().position(|node| node.reference == *of).ok_or(Error::NotFound)?;
    let focus = nodes.remove(focus);
    let all: Vec<String> = nodes.iter().chain([&focus]).map(|node| node.reference.to_string()).collect();
    let edges = edges(db, &readers, &left_out, &all).await?;
    Ok(Surroundings { focus, nodes, edges })
}

/// One step on, by reference. What a hidden entity says of others does not lead on.
async fn next(db: &Db, readers: &[String], left_out: &[String], from: &[String]) -> Result<Vec<String>> {
    let next = sqlx::query_scalar!(
        "select distinct r.to_ref
         from entity_relation r
         join entity teller on teller.entity_id = r.entity_id and teller.readers && $2::text[]
         join entity other on other.reference = r.to_ref and other.readers && $2::text[]
         where r.from_ref = any ($1) and r.name <> all ($3)
         order by r.to_ref limit $4",
        from,
        readers,
        left_out,
        MOST_NODES,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(next)
}

async fn nodes(db: &Db, readers: &[String], references: &[String]) -> Result<Vec<Node>> {
    let rows = sqlx::query!(
        r#"select reference as "reference!", coalesce(title, name) as "title!" from entity
           where reference = any ($1) and readers && $2::text[] order by reference limit $3"#,
        references,
        readers,
        MOST_NODES,
    )
    .fetch_all(&db.pool)
    .await?;
    let node = |reference: String, title| Ok(Node { reference: known(&reference)?, title });
    rows.into_iter().map(|row| node(row.reference, row.title)).collect()
}

/// Everything that visible entities say about two of these.
async fn edges(db: &Db, readers: &[String], left_out: &[String], among: &[String]) -> Result<Vec<Edge>> {
    let rows = sqlx::query!(
        "select distinct r.from_ref, r.name, r.to_ref
         from entity_relation r
         join entity teller on teller.entity_id = r.entity_id and teller.readers && $2::text[]
         where r.from_ref = any ($1) and r.to_ref = any ($1) and r.name <> all ($3)
         order by r.from_ref, r.name, r.to_ref limit $4",
        among,
        readers,
        left_out,
        MOST_EDGES,
    )
    .fetch_all(&db.pool)
    .await?;
    let edge = |from: String, relation, to: String| Ok(Edge { from: known(&from)?, to: known(&to)?, relation });
    rows.into_iter().map(|row| edge(row.from_ref, row.name, row.to_ref)).collect()
}

/// Only references that can be read are stored.
fn known(reference: &str) -> Result<EntityRef> {
    reference.parse().map_err(|error| Error::internal(format!("relation to {reference}: {error}")))
}
