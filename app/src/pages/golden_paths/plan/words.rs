//! A plan in one sentence.

use backend::scaffold::PlanView;
use domain::scaffold::{EffectKind, PlanState};

/// The name of what is made.
pub(super) fn service(plan: &PlanView) -> String {
    let from_entity = plan.entity.as_deref().and_then(|entity| entity.rsplit('/').next());
    let typed = plan.parameters.get("name").and_then(|name| name.as_str());
    from_entity.or(typed).unwrap_or("the service").to_owned()
}

pub(super) fn sentence(plan: &PlanView) -> String {
    let name = service(plan);
    match plan.state {
        PlanState::Planning => "Nothing exists yet.".to_owned(),
        PlanState::Failed => "Nothing was made, and your answers are kept.".to_owned(),
        PlanState::Ready => {
            format!("Creating {name} makes {} for {}. Nothing exists yet.", made(plan), plan.team)
        }
        PlanState::Stale => format!("It was to make {} for {}. Nothing was made.", made(plan), plan.team),
        PlanState::Applied => format!("It makes {} for {}.", made(plan), plan.team),
    }
}

/// "a repository with 23 files, a catalog entry and 3 namespaces".
fn made(plan: &PlanView) -> String {
    let count = |kind| plan.review.effects.iter().filter(|effect| effect.kind == kind).count();
    let mut parts = Vec::new();
    if count(EffectKind::Repository) > 0 {
        parts.push(format!("a repository with {}", counted(plan.review.files.len(), "file", "files")));
    }
    for (kind, one, many) in [
        (EffectKind::CatalogEntry, "catalog entry", "catalog entries"),
        (EffectKind::Namespace, "namespace", "namespaces"),
        (EffectKind::Delivery, "delivery", "deliveries"),
        (EffectKind::ChangeRequest, "change request", "change requests"),
        (EffectKind::Webhook, "webhook", "webhooks"),
    ] {
        parts.extend((count(kind) > 0).then(|| counted(count(kind), one, many)));
    }
    listed(&parts)
}

pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => "nothing outside".to_owned(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_people_write_them() {
        let parts: Vec<String> = ["a", "b", "c"].map(str::to_owned).into();
        assert_eq!(listed(&parts), "a, b and c");
        assert_eq!(listed(&parts[..1]), "a");
        assert_eq!((counted(1, "file", "files"), counted(0, "file", "files")), ("1 file".into(), "0 files".into()));
    }
}
