//! One namespace: its conditions, its quotas as the cluster counts them, and the history of foreign changes.

use backend::provisioning::{
    self,
    leases::{self, LeaseFilter, LeaseView},
};
use domain::{
    links,
    provisioning::{Condition, ConditionStatus, DriftLine, NamespaceView, QuotaLine},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::Value;
use time::OffsetDateTime;

use super::lease_standing;
use crate::{
    components::{
        Actions, Align, Badge, Card, Cell, Column, Columns, Crumb, DataTable, EmptyState, Grid, Lead, LinkButton,
        Moment, PageHeader, RowHeader, RowItem, Rows, Sentence, TableRow, TextLink, Timeline, TimelineEntry, Tone,
        known,
    },
    pages::loaded::loaded,
    request::RequestContext,
};

/// The newest ones; all of them stand on the page of requests.
const LEASES: i64 = 10;

#[component]
pub fn NamespacePage() -> impl IntoView {
    let context = RequestContext::current()?;
    let params = use_params_map().read_untracked().clone();
    let (cluster, name) = (params.get("cluster").unwrap_or_default(), params.get("namespace").unwrap_or_default());
    let now = context.now;
    let load = async move {
        let (viewer, db) = (&context.viewer, &context.db);
        let namespace = provisioning::find(viewer, db, &cluster, &name).await?;
        let filter = LeaseFilter { namespace: Some((cluster, name)), limit: LEASES, ..LeaseFilter::default() };
        Ok((namespace, leases::list(viewer, db, &filter).await?))
    };
    Some(loaded(load, move |(namespace, leases)| view! { <Namespace namespace=namespace leases=leases now=now /> }))
}

#[component]
fn Namespace(namespace: NamespaceView, leases: Vec<LeaseView>, now: OffsetDateTime) -> impl IntoView {
    let title = format!(
        "{} {}",
        namespace.name,
        if namespace.is_ready() { "is as declared" } else { "is not as declared yet" }
    );
    let (team, service) = (links::entity(&namespace.team), links::entity(&namespace.service));
    let ask = links::ask(&namespace.cluster, &namespace.name);
    let is_behind = namespace.observed_revision < namespace.revision;
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Namespaces", "/provisioning")]>
            <Sentence slot>
                "The " {namespace.environment} " environment of "
                <TextLink href=service>{namespace.service.name().to_owned()}</TextLink> " on cluster "
                {namespace.cluster} ", size " {namespace.size.value()} ", owned by "
                <TextLink href=team>{namespace.team.name().to_owned()}</TextLink> ". Declared revision "
                {namespace.revision} ", carried out: "
                {if is_behind { format!("{}, the rest follows", namespace.observed_revision) } else { "all of it".to_owned() }} "."
            </Sentence>
            <Actions slot><LinkButton href=ask>"Ask for accelerators"</LinkButton></Actions>
        </PageHeader>
        <Grid columns=Columns::WideAndNarrow>
            <Card title="Quotas">{quotas(namespace.quota)}</Card>
            <Card title="Conditions">{conditions(namespace.conditions, now)}</Card>
        </Grid>
        <div class="mt-4">
            <Card title="Accelerators">{accelerators(leases, now)}</Card>
        </div>
        <div class="mt-4">
            <Card title="Changes by others">{drift(namespace.drift, now)}</Card>
        </div>
    }
}

/// Spec told from enforced: a quota that is written is not yet counted.
fn quotas(lines: Vec<QuotaLine>) -> AnyView {
    if lines.is_empty() {
        return view! { <EmptyState sentence="The cluster has not been asked about its quotas yet." /> }.into_any();
    }
    let (closed, open): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_closed);
    let more = (!closed.is_empty()).then(|| {
        let summary = match closed.len() {
            1 => "1 more stands at zero".to_owned(),
            n => format!("{n} more stand at zero"),
        };
        view! {
            <details class="mt-3 text-md">
                <summary class="text-ink-2">{summary} ": nothing of it may be used here"</summary>
                <div class="mt-2">{quota_table("Quotas that stand at zero", closed)}</div>
            </details>
        }
    });
    view! {
        {quota_table("Quotas", open)}
        {more}
    }
    .into_any()
}

/// Nothing of it is used, and nothing may be.
fn is_closed(line: &QuotaLine) -> bool {
    [&line.used, &line.enforced, &line.spec].into_iter().all(|value| value.as_deref() == Some("0"))
}

fn quota_table(caption: &'static str, lines: Vec<QuotaLine>) -> AnyView {
    let row = move |line: QuotaLine| {
        view! {
            <TableRow>
                <RowHeader label="Resource">
                    <code>{line.resource}</code>
                    <p class="text-sm font-normal text-ink-2">{line.object}</p>
                </RowHeader>
                <Cell label="Used" align=Align::End>{known(line.used)}</Cell>
                <Cell label="Enforced" align=Align::End>{known(line.enforced)}</Cell>
                <Cell label="Declared" align=Align::End>{known(line.spec)}</Cell>
            </TableRow>
        }
    };
    let columns =
        vec![Column::text("Resource"), Column::number("Used"), Column::number("Enforced"), Column::number("Declared")];
    view! { <DataTable caption=caption columns=columns>{lines.into_iter().map(row).collect_view()}</DataTable> }
        .into_any()
}

fn conditions(conditions: Vec<Condition>, now: OffsetDateTime) -> AnyView {
    if conditions.is_empty() {
        return view! { <EmptyState sentence="Nobody has looked at it yet." /> }.into_any();
    }
    let row = move |condition: Condition| {
        let (tone, word) = match (condition.status, condition.kind.is_bad_when_true()) {
            (ConditionStatus::Unknown, _) => (Tone::Unknown, "unknown"),
            (ConditionStatus::True, false) => (Tone::Good, "yes"),
            (ConditionStatus::False, true) => (Tone::Good, "no"),
            (ConditionStatus::True, true) => (Tone::Warn, "yes"),
            (ConditionStatus::False, false) => (Tone::Warn, "no"),
        };
        view! {
            <RowItem detail=condition.message>
                <Lead slot><Badge tone=tone word=word /></Lead>
                {condition.kind.as_str()} " · since " <Moment at=condition.since now=now />
            </RowItem>
        }
    };
    view! { <Rows>{conditions.into_iter().map(row).collect_view()}</Rows> }.into_any()
}

/// What was asked for, and until when what was granted is held.
fn accelerators(leases: Vec<LeaseView>, now: OffsetDateTime) -> AnyView {
    if leases.is_empty() {
        return view! { <EmptyState sentence="Nobody has asked for accelerators here." /> }.into_any();
    }
    let row = move |lease: LeaseView| {
        let asked: Vec<String> =
            lease.resources.iter().map(|(resource, count)| format!("{count} × {resource}")).collect();
        let (tone, word) = lease_standing(&lease.state);
        let request = links::request(lease.id);
        view! {
            <RowItem detail=lease.reason>
                <Lead slot><Badge tone=tone word=word /></Lead>
                <TextLink href=request>{asked.join(", ")}</TextLink> " until " <Moment at=lease.until now=now />
            </RowItem>
        }
    };
    view! { <Rows>{leases.into_iter().map(row).collect_view()}</Rows> }.into_any()
}

/// What was changed, by which client, and when it was put back.
fn drift(lines: Vec<DriftLine>, now: OffsetDateTime) -> AnyView {
    if lines.is_empty() {
        return view! { <EmptyState sentence="Nobody else has changed anything that is declared here." /> }.into_any();
    }
    let entry = move |line: DriftLine| {
        let (tone, word) = if line.healed_at.is_some() { (Tone::Good, "put back") } else { (Tone::Warn, "open") };
        let place = if line.field.is_empty() { line.object.clone() } else { format!("{} {}", line.object, line.field) };
        let healed =
            line.healed_at.map(|at| format!(" Put back after {:.1} s.", (at - line.detected_at).as_seconds_f64()));
        let source = line.manager.unwrap_or_else(|| "an unnamed client".to_owned());
        let (before, after) = (words(line.before), words(line.after));
        view! {
            <TimelineEntry tone=tone word=word at=line.detected_at now=now source=source>
                <code>{place}</code> " was changed from " <code>{before}</code> " to " <code>{after}</code> "." {healed}
            </TimelineEntry>
        }
    };
    view! { <Timeline>{lines.into_iter().map(entry).collect_view()}</Timeline> }.into_any()
}

fn words(value: Option<Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    }
}
