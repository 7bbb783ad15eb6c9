//! The bundle that a viewer may have evaluated: what they may not see is not loaded, so it cannot leak through a sum.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::Viewer,
    catalog::EntityRef,
    maturity::{Bundle, Collector, DeliveryLog, Fact, Parameters, Samples, Subject, SubjectKind, Value},
};
use time::{Duration, OffsetDateTime};

use super::model::{CRITERIA, Model};
use crate::{Db, Error, Result};

/// How much is wanted of what a viewer may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    /// The viewer's own teams, also of somebody who sees all of them.
    Own,
    /// A team and what it owns.
    Team(EntityRef),
    Service(EntityRef),
}

/// Whose eyes the entities are seen with.
#[derive(Clone, Debug)]
pub(super) struct Sight {
    sees_all: bool,
    teams: Vec<String>,
    readers: Vec<String>,
}

impl Sight {
    pub(super) fn of(viewer: &Viewer) -> Self {
        Self { sees_all: viewer.sees_all_levels(), teams: viewer.team_references(), readers: viewer.catalog_readers() }
    }

    /// Of the platform itself, for what it keeps and shows to nobody as it is.
    pub(super) fn everything() -> Self {
        let readers = [Viewer::ALL_TEAMS, Viewer::EVERYBODY].map(str::to_owned).to_vec();
        Self { sees_all: true, teams: Vec::new(), readers }
    }
}

/// What stands beside every level: on how much of the model it rests, and when it was computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    pub as_of: OffsetDateTime,
    pub rules_in_force: usize,
    pub criteria: usize,
    /// Two results with the same one were computed by the same rules.
    pub model: &'static str,
}

/// A bundle with what people call its subjects.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) bundle: Bundle,
    pub(super) titles: BTreeMap<String, String>,
    pub(super) basis: Basis,
}

struct EntityRow {
    kind: String,
    namespace: String,
    name: String,
    title: Option<String>,
    owner: Option<String>,
    document: serde_json::Value,
    /// By a run, so that it is as old as its entry.
    is_made: bool,
    created_at: OffsetDateTime,
}

/// A collector that was silent for this long is down.
const SILENCE: Duration = Duration::minutes(10);
const TIER: &str = "waymark.dev/tier";

pub(super) async fn load(sight: &Sight, db: &Db, scope: &Scope, as_of: OffsetDateTime) -> Result<Loaded> {
    let model = Model::shipped()?;
    let rows = entities(sight, db, scope).await?;
    let titles =
        rows.iter().map(|row| (row.reference(), row.title.clone().unwrap_or_else(|| row.name.clone()))).collect();
    let subjects = subjects(&rows);
    let references: Vec<String> = subjects.iter().map(|subject| subject.reference.clone()).collect();
    let bundle = Bundle {
        as_of,
        parameters: Parameters::default(),
        rules: model.rules.clone(),
        collectors: collectors(db, as_of).await?,
        facts: facts(db, &references, &names(model), as_of).await?,
        subjects,
        attestations: vec![],
        exemptions: vec![],
        delivery: DeliveryLog::default(),
    };
    let in_force = model.rules.iter().filter(|rule| rule.effective_from.is_none_or(|from| from <= as_of)).count();
    let basis = Basis { as_of, rules_in_force: in_force, criteria: CRITERIA, model: &model.hash };
    Ok(Loaded { bundle, titles, basis })
}

async fn entities(sight: &Sight, db: &Db, scope: &Scope) -> Result<Vec<EntityRow>> {
    let (team, service) = match scope {
        Scope::All | Scope::Own => (None, None),
        Scope::Team(team) => (Some(team.to_string()), None),
        Scope::Service(service) => (None, Some(service.to_string())),
    };
    let rows = sqlx::query_as!(
        EntityRow,
        r#"with seen as (
               select kind, namespace, name, title, owner, document, created_at, reference,
                      origin like 'run:%' or reference in (
                          select target from effect where kind = 'catalog_entity' and made_by_this_run) as is_made
               from entity where kind in ('component', 'group') and readers && $5::text[]
           )
           select kind as "kind!", namespace as "namespace!", name as "name!", title, owner, document as "document!",
                  is_made as "is_made!", created_at as "created_at!"
           from seen
           where ($1 or (kind = 'component' and owner = any ($2)) or (kind = 'group' and reference = any ($2)))
             and ($3::text is null or reference = $3 or (kind = 'component' and owner = $3))
             and ($4::text is null or reference = $4)
           order by reference"#,
        sight.sees_all && *scope != Scope::Own,
        &sight.teams,
        team,
        service,
        &sight.readers,
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(rows)
}

/// The latest of each by then. Each pair is one look into the index, however long its history is.
async fn facts(db: &Db, subjects: &[String], names: &[String], as_of: OffsetDateTime) -> Result<Vec<Fact>> {
    let rows = sqlx::query!(
        r#"select s.subject as "subject!", n.name as "name!", f.value, f.samples_passed, f.samples_total, f.observed_at,
                  f.collector, f.source_ref
           from unnest($1::text[]) as s (subject) cross join unnest($2::text[]) as n (name)
           join lateral (
               select value, samples_passed, samples_total, observed_at, collector, source_ref from fact
               where fact.subject = s.subject and fact.name = n.name and fact.observed_at <= $3
               order by observed_at desc, fact_id desc limit 1
           ) as f on true"#,
        subjects,
        names,
        as_of,
    )
    .fetch_all(&db.pool)
    .await?;
    let count = |count: i32| u32::try_from(count).unwrap_or(0);
    let facts = rows.into_iter().map(|row| Fact {
        subject: row.subject,
        name: row.name,
        value: Value::from(row.value),
        samples: row
            .samples_passed
            .zip(row.samples_total)
            .map(|(passed, total)| Samples { passed: count(passed), total: count(total) }),
        observed_at: row.observed_at,
        collector: row.collector,
        source_ref: row.source_ref,
    });
    Ok(facts.collect())
}

/// Whether a collector is down is known of the present alone.
async fn collectors(db: &Db, as_of: OffsetDateTime) -> Result<Vec<Collector>> {
    let collectors = sqlx::query_as!(
        Collector,
        r#"select name, now() - $1 < make_interval(secs => $2)
               and (coalesce(failed_at > succeeded_at, false)
                    or coalesce(now() - succeeded_at > make_interval(secs => $2), true)) as "down!"
           from fact_collector order by name"#,
        as_of,
        SILENCE.as_seconds_f64(),
    )
    .fetch_all(&db.pool)
    .await?;
    Ok(collectors)
}

/// Every fact that a rule reads.
fn names(model: &Model) -> Vec<String> {
    let names: BTreeSet<&String> = model.rules.iter().flat_map(|rule| &rule.needs).collect();
    names.into_iter().chain([&"catalog.entity".to_owned()]).cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

fn subjects(rows: &[EntityRow]) -> Vec<Subject> {
    let parents: BTreeSet<String> =
        rows.iter().filter(|row| row.kind == "group").filter_map(EntityRow::parent).collect();
    let known: BTreeSet<String> = rows.iter().map(EntityRow::reference).collect();
    let subject = |row: &EntityRow| {
        let reference = row.reference();
        let kind = match row.kind.as_str() {
            "component" => SubjectKind::Service,
            _ if parents.contains(&reference) || row.is_unit() => SubjectKind::Unit,
            _ => SubjectKind::Team,
        };
        let parent = row.parent().filter(|parent| known.contains(parent) && *parent != reference);
        Subject {
            kind,
            team: row.owner.clone().filter(|owner| kind == SubjectKind::Service && known.contains(owner)),
            tier: row.tier(),
            lifecycle: row.text("/spec/lifecycle"),
            created_at: row.known_since(),
            unit: parent.clone().filter(|_| kind == SubjectKind::Team),
            parent: parent.filter(|_| kind == SubjectKind::Unit),
            reference,
        }
    };
    rows.iter().map(subject).collect()
}

impl EntityRow {
    fn reference(&self) -> String {
        format!("{}:{}/{}", self.kind, self.namespace, self.name)
    }

    fn text(&self, pointer: &str) -> Option<String> {
        self.document.pointer(pointer).and_then(serde_json::Value::as_str).map(str::to_owned)
    }

    fn parent(&self) -> Option<String> {
        let parent = self.text("/spec/parent")?;
        let (kind, rest) = parent.split_once(':').unwrap_or(("group", &parent));
        let (namespace, name) = rest.split_once('/').unwrap_or((&self.namespace, rest));
        Some(format!("{kind}:{namespace}/{name}").to_lowercase())
    }

    fn is_unit(&self) -> bool {
        self.document.pointer("/spec/type").is_some_and(|kind| kind == "unit")
    }

    fn tier(&self) -> Option<u32> {
        let metadata = &self.document["metadata"];
        ["labels", "annotations"].iter().find_map(|place| metadata[*place][TIER].as_str()?.parse().ok())
    }

    /// When an imported entry began is not known; that it was imported yesterday makes no service young.
    fn known_since(&self) -> Option<OffsetDateTime> {
        self.is_made.then_some(self.created_at)
    }
}

/// What a reference is called where the catalog has no title for it.
pub(super) fn plain_name(reference: &str) -> String {
    reference.rsplit('/').next().unwrap_or(reference).to_owned()
}

/// An address with a reference that is none leads nowhere.
pub(super) fn reference(text: &str, kind: &str) -> Result<EntityRef> {
    let text = if text.contains(':') { text.to_owned() } else { format!("{kind}:default/{text}") };
    text.parse::<EntityRef>().ok().filter(|reference| reference.kind() == kind).ok_or(Error::NotFound)
}
