//! Who of a team has been here. The identity provider tells of people only when they sign in, so this is a lower bound.

use async_trait::async_trait;
use serde_json::json;

use super::{Collector, Observation};
use crate::{Db, Result};

pub(super) const SEEN: &str = "idp.seen";
/// Whoever has not signed in for longer does not count as active.
const ACTIVE_DAYS: i32 = 90;

pub(super) struct Identity;

#[async_trait]
impl Collector for Identity {
    fn name(&self) -> &'static str {
        "identity"
    }

    async fn collect(&self, db: &Db) -> Result<Vec<Observation>> {
        let teams = sqlx::query!(
            r#"select e.kind || ':' || e.namespace || '/' || e.name as "reference!", count(p.person_id) as "active!"
               from entity e
               left join person p on e.name = any (p.groups) and p.signed_in_at > now() - make_interval(days => $1)
               where e.kind = 'group' group by e.entity_id"#,
            ACTIVE_DAYS,
        )
        .fetch_all(&db.pool)
        .await?;
        let seen = teams.into_iter().map(|team| {
            let value = json!({ "active": team.active, "days": ACTIVE_DAYS });
            Observation::now(&team.reference, SEEN, value, Some("people who signed in".to_owned()))
        });
        Ok(seen.collect())
    }
}
