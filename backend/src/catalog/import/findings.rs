//! What is wrong with a source, kept until it is mended.

use std::collections::BTreeMap;

use domain::{
    catalog::descriptor::{Descriptor, Finding, Reading, Severity},
    golden_paths::{Finding as FileFinding, Place},
};
use sqlx::{PgExecutor, Postgres, Transaction};
use uuid::Uuid;

use super::{FileReading, TAKEN};
use crate::{Db, Result, catalog::register::owner_of};

/// Puts these in the place of what was wrong before. What was wrong already keeps the time since when it is.
pub(super) async fn keep(
    tx: &mut Transaction<'_, Postgres>,
    source: Uuid,
    readings: &[FileReading<'_>],
    judged: &[(&str, Finding)],
) -> Result<()> {
    let column = |part: fn(&(&str, Finding)) -> String| judged.iter().map(part).collect::<Vec<_>>();
    let number = |part: fn(&Finding) -> u32| {
        judged.iter().map(|(_, finding)| i32::try_from(part(finding)).unwrap_or(i32::MAX)).collect::<Vec<_>>()
    };
    let severity = |finding: &Finding| match finding.severity {
        Severity::Error => "error".to_owned(),
        Severity::Warning => "warning".to_owned(),
    };
    let severities: Vec<String> = judged.iter().map(|(_, finding)| severity(finding)).collect();
    let mut by_file: BTreeMap<&str, Owners> = BTreeMap::new();
    let mut owners: Vec<Option<String>> = Vec::new();
    for (file, finding) in judged {
        let reading = readings.iter().find(|(name, _)| name == file).map(|(_, reading)| reading);
        let of_file = reading.map(|reading| by_file.entry(*file).or_insert_with(|| Owners::of(reading)));
        owners.push(of_file.and_then(|of_file| of_file.at(finding.line)));
    }
    let taken: Vec<Option<String>> = judged.iter().map(|(file, finding)| taken_at(readings, file, finding)).collect();
    sqlx::query!(
        "with before as (
             delete from catalog_finding where source_id = $1 returning file, rule, message, since
         ),
         first as (
             select file, rule, message, min(since) as since from before group by file, rule, message
         )
         insert into catalog_finding (source_id, file, line, position, severity, rule, message, owner, since, reference)
         select $1, n.file, n.line, n.position, n.severity, n.rule, n.message, n.owner, coalesce(f.since, now()), n.reference
         from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
              as n (file, line, position, severity, rule, message, owner, reference)
         left join first f on (f.file, f.rule, f.message) = (n.file, n.rule, n.message)",
        source,
        &column(|(file, _)| (*file).to_owned()),
        &number(|finding| finding.line),
        &number(|finding| finding.column),
        &severities,
        &column(|(_, finding)| finding.rule.clone()),
        &column(|(_, finding)| finding.message.clone()),
        &owners as &[Option<String>],
        &taken as &[Option<String>],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The entity at the place of a finding that says that another source has it.
fn taken_at(readings: &[FileReading<'_>], file: &str, finding: &Finding) -> Option<String> {
    if finding.rule != TAKEN {
        return None;
    }
    let (_, reading) = readings.iter().find(|(name, _)| *name == file)?;
    let place = Place { line: finding.line, column: finding.column };
    let described = reading.descriptors.iter().find(|descriptor| descriptor.place == place)?;
    Some(described.reference.to_string())
}

/// Whoever was missed and is there by now is missed no more, whatever file named them. At an entity's place `owner` is whom
/// it names.
pub(super) async fn drop_known_owners(tx: &mut Transaction<'_, Postgres>) -> Result<()> {
    sqlx::query!(
        "delete from catalog_finding f using entity e where f.rule = 'owner' and e.reference = f.owner and e.orphaned_at is null"
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What is wrong with the sources by now: errors, then warnings.
pub async fn findings(db: &Db, origins: &[String]) -> Result<(Vec<FileFinding>, Vec<FileFinding>)> {
    of(&db.pool, origins).await
}

pub(super) async fn of(db: impl PgExecutor<'_>, origins: &[String]) -> Result<(Vec<FileFinding>, Vec<FileFinding>)> {
    let rows = sqlx::query!(
        r#"select f.file, f.line, f.position, f.rule, f.message, f.severity = 'error' as "is_error!"
           from catalog_finding f join catalog_source s on s.source_id = f.source_id
           where s.origin = any ($1) order by f.file, f.line, f.position"#,
        origins
    )
    .fetch_all(db)
    .await?;
    let number = |number: i32| u32::try_from(number).unwrap_or(1);
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for row in rows {
        let place = Place { line: number(row.line), column: number(row.position) };
        let list = if row.is_error { &mut errors } else { &mut warnings };
        list.push(FileFinding::new(row.file, place, &row.rule, row.message));
    }
    Ok((errors, warnings))
}

/// Who can mend what is wrong in a file: the owner of the entity at that place, else the one who owns most of the file.
struct Owners {
    /// First line, the line after the last, and the owner, in the order of lines.
    places: Vec<(u32, u32, Option<String>)>,
    most: Option<String>,
}

impl Owners {
    fn of(reading: &Reading) -> Self {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let place = |descriptor: &Descriptor| {
            let lines = u32::try_from(descriptor.text.lines().count()).unwrap_or(0);
            (descriptor.line, descriptor.line + lines, owner_of(&descriptor.mentions))
        };
        let mut places: Vec<_> = reading.descriptors.iter().map(place).collect();
        places.sort();
        for owner in places.iter().filter_map(|(_, _, owner)| owner.clone()) {
            *counts.entry(owner).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count).map(|(owner, _)| owner);
        Self { places, most }
    }

    fn at(&self, line: u32) -> Option<String> {
        let before = self.places.partition_point(|(start, _, _)| *start <= line);
        let there = before.checked_sub(1).and_then(|last| self.places.get(last)).filter(|(_, end, _)| line < *end);
        there.map_or_else(|| self.most.clone(), |(_, _, owner)| owner.clone())
    }
}
