//! What the form of a path offers to choose from.

use domain::access::{Role, Viewer};

use crate::{Db, Result};

/// One entity that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityChoice {
    /// Full reference.
    pub reference: String,
    pub title: String,
    pub kind: String,
}

/// More do not fit into a list that opens.
const MOST: i64 = 1000;

/// Entities of these kinds by title; of every kind where none is named.
pub async fn entity_choices(viewer: &Viewer, db: &Db, kinds: &[String]) -> Result<Vec<EntityChoice>> {
    let choices = sqlx::query_as!(
        EntityChoice,
        r#"select kind || ':' || namespace || '/' || name as "reference!", coalesce(title, name) as "title!", kind
           from entity where readers && $1::text[] and (cardinality($2::text[]) = 0 or kind = any($2))
           order by 2, 1 limit $3"#,
        &viewer.catalog_readers(),
        kinds,
        MOST,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(choices)
}

/// The groups that the viewer can make something for: their own teams, and every group for the platform team.
pub async fn owner_choices(viewer: &Viewer, db: &Db) -> Result<Vec<EntityChoice>> {
    let choices = sqlx::query_as!(
        EntityChoice,
        r#"select kind || ':' || namespace || '/' || name as "reference!", coalesce(title, name) as "title!", kind
           from entity where kind = 'group' and ($1 or (namespace = 'default' and name = any($2)))
           order by name = any($2) desc, 2, 1 limit $3"#,
        viewer.has(Role::Platform),
        &viewer.teams,
        MOST,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sqlx::PgPool;

    use super::*;
    use crate::{catalog, testing::viewer};

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn people_choose_among_their_teams_and_the_platform_team_among_all(pool: PgPool) {
        let db = Db::of_pool(pool);
        let mut tx = db.pool.begin().await.unwrap();
        for reference in ["group:default/payments", "group:default/search", "system:default/shop"] {
            catalog::register(&mut tx, &reference.parse().unwrap(), &json!({}), "test").await.unwrap();
        }
        tx.commit().await.unwrap();
        let references = |choices: Vec<EntityChoice>| choices.into_iter().map(|c| c.reference).collect::<Vec<_>>();
        let developer = viewer(&["search"], &[]);
        assert_eq!(references(owner_choices(&developer, &db).await.unwrap()), ["group:default/search"]);
        let platform = viewer(&["search"], &[Role::Platform]);
        let all = ["group:default/search", "group:default/payments"];
        assert_eq!(references(owner_choices(&platform, &db).await.unwrap()), all, "one's own come first");
        assert!(owner_choices(&viewer(&[], &[Role::Leadership]), &db).await.unwrap().is_empty());
        let systems = entity_choices(&developer, &db, &["system".into()]).await.unwrap();
        assert_eq!(references(systems), ["system:default/shop"]);
        assert_eq!(entity_choices(&developer, &db, &[]).await.unwrap().len(), 3);
        assert!(entity_choices(&viewer(&[], &[]), &db, &[]).await.unwrap().is_empty());
    }
}
