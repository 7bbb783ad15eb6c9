//! What is wrong with a source, kept until it is mended.

use std::collections::BTreeMap;

use domain::catalog::descriptor::{Descriptor, Finding, Reading, Severity};
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::{Result, catalog::register::owner_of};

/// Puts these in the place of what was wrong before. What was wrong already keeps the time since when it is.
pub(super) async fn keep(
    tx: &mut Transaction<'_, Postgres>,
    source: Uuid,
    readings: &[(&str, Reading)],
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
    let owners: Vec<Option<String>> = judged.iter().map(|(file, finding)| owner(readings, file, finding)).collect();
    sqlx::query!(
        "with before as (
             delete from catalog_finding where source_id = $1 returning file, rule, message, since
         ),
         first as (
             select file, rule, message, min(since) as since from before group by file, rule, message
         )
         insert into catalog_finding (source_id, file, line, position, severity, rule, message, owner, since)
         select $1, n.file, n.line, n.position, n.severity, n.rule, n.message, n.owner, coalesce(f.since, now())
         from unnest($2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[])
              as n (file, line, position, severity, rule, message, owner)
         left join first f on (f.file, f.rule, f.message) = (n.file, n.rule, n.message)",
        source,
        &column(|(file, _)| (*file).to_owned()),
        &number(|finding| finding.line),
        &number(|finding| finding.column),
        &severities,
        &column(|(_, finding)| finding.rule.clone()),
        &column(|(_, finding)| finding.message.clone()),
        &owners as &[Option<String>],
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who can mend it: the owner of the entity at that place, else the one who owns most of the file.
fn owner(readings: &[(&str, Reading)], file: &str, finding: &Finding) -> Option<String> {
    let (_, reading) = readings.iter().find(|(name, _)| *name == file)?;
    let descriptors = &reading.descriptors;
    let end = |descriptor: &Descriptor| descriptor.line + u32::try_from(descriptor.text.lines().count()).unwrap_or(0);
    let there = descriptors.iter().find(|descriptor| (descriptor.line..end(descriptor)).contains(&finding.line));
    if let Some(descriptor) = there {
        return owner_of(&descriptor.mentions);
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for owner in descriptors.iter().filter_map(|descriptor| owner_of(&descriptor.mentions)) {
        *counts.entry(owner).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(owner, _)| owner)
}
