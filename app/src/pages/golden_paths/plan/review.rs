//! What the world said to a plan.

use domain::scaffold::{EffectKind, Gate, PlanReview, PlannedEffect};
use leptos::prelude::*;

use super::{files, objects, quota, words::counted};
use crate::components::{Badge, Card, Columns, Glyph, Grid, Lead, RowItem, Rows, Tone};

pub(super) fn draw(review: PlanReview) -> impl IntoView {
    let PlanReview { files, effects, objects, quota, gates, warnings } = review;
    let sized: u64 = files.iter().map(|file| file.size).sum();
    let (file_count, object_count) = (counted(files.len(), "file", "files"), objects.len());
    view! {
        {(!warnings.is_empty()).then(|| view! { <div class="mb-4"><Card title="Worth knowing">{notes(warnings)}</Card></div> })}
        <Grid columns=Columns::WideAndNarrow>
            <Card title="Effects" aside=undoable(&effects)>{outside(effects)}</Card>
            <Card title="Approvals">{approvals(gates)}</Card>
        </Grid>
        <Grid columns=Columns::One>
            <Card title="Quota, before and after">{quota::draw(quota)}</Card>
            <Card title="Kubernetes objects" aside=objects::summary(&objects)>
                {if object_count == 0 {
                    view! { <p class="text-ink-2">"No objects are made in a cluster."</p> }.into_any()
                } else {
                    objects::draw(objects).into_any()
                }}
            </Card>
            <Card title="Files" aside=format!("{file_count}, {}", files::size(sized))>{files::draw(files)}</Card>
        </Grid>
    }
}

fn notes(warnings: Vec<String>) -> impl IntoView {
    let row = |warning: String| {
        view! {
            <RowItem>
                <Lead slot><Badge tone=Tone::Warn word="warning" /></Lead>
                {warning}
            </RowItem>
        }
    };
    view! { <Rows>{warnings.into_iter().map(row).collect_view()}</Rows> }
}

/// "7, all can be undone".
fn undoable(effects: &[PlannedEffect]) -> String {
    let lasting = effects.iter().filter(|effect| !effect.reversible).count();
    match lasting {
        0 => format!("{}, all can be undone", effects.len()),
        n => format!("{}, {n} cannot be undone", effects.len()),
    }
}

fn outside(effects: Vec<PlannedEffect>) -> impl IntoView {
    let row = |effect: PlannedEffect| {
        let (word, glyph) = kind(effect.kind);
        let aside = if effect.reversible { "can be undone" } else { "cannot be undone" };
        view! {
            <RowItem aside=aside>
                <Lead slot><Badge tone=Tone::Info word=word glyph=glyph /></Lead>
                <code class="break-all">{effect.target}</code>
            </RowItem>
        }
    };
    view! { <Rows>{effects.into_iter().map(row).collect_view()}</Rows> }
}

fn kind(kind: EffectKind) -> (&'static str, Glyph) {
    match kind {
        EffectKind::Repository => ("repository", Glyph::Branch),
        EffectKind::Commit => ("commit", Glyph::Document),
        EffectKind::ChangeRequest => ("change request", Glyph::Branch),
        EffectKind::CatalogEntry => ("catalog entry", Glyph::Catalog),
        EffectKind::Namespace => ("namespace", Glyph::Namespace),
        EffectKind::Quota => ("quota", Glyph::Capacity),
        EffectKind::Delivery => ("delivery", Glyph::Delivery),
        EffectKind::Webhook => ("webhook", Glyph::External),
    }
}

fn approvals(gates: Vec<Gate>) -> AnyView {
    if gates.is_empty() {
        return view! { <p class="text-ink-2">"Nobody has to approve this."</p> }.into_any();
    }
    let row = |gate: Gate| {
        view! {
            <RowItem detail=gate.why>
                <Lead slot><Badge tone=Tone::Warn word="approval" glyph=Glyph::Person /></Lead>
                {gate.who}
            </RowItem>
        }
    };
    view! { <Rows>{gates.into_iter().map(row).collect_view()}</Rows> }.into_any()
}
