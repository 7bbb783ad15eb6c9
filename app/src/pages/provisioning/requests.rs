//! Requests for accelerators: what was asked, what the policy says, and who has decided.

use backend::provisioning::leases::{self, LeaseFilter, LeaseView};
use domain::{access::AFRESH, links, provisioning::LeaseOutcome};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use time::OffsetDateTime;
use uuid::Uuid;

use super::lease_standing;
use crate::{
    components::{
        Badge, Button, ButtonKind, Card, Crumb, EmptyState, FieldText, LinkButton, Moment, PageHeader, Pager, RowItem,
        Rows, SafeHref, Sentence, TextField, TextLink,
    },
    pages::{afresh::came_back_afresh, loaded::loaded},
    request::RequestContext,
};

const PAGE: i64 = 25;

/// Somebody is about to refuse a request.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    request: Uuid,
    reason: String,
    /// It was sent without a reason before.
    is_unexplained: bool,
}

#[component]
pub fn RequestsPage() -> impl IntoView {
    let context = RequestContext::current()?;
    let query = use_query_map().read_untracked().clone();
    let after = query.get("after").and_then(|id| id.parse::<Uuid>().ok());
    let refusal = query.get("refuse").and_then(|id| id.parse::<Uuid>().ok());
    let (reason, is_unexplained) = (context.typed("reason").unwrap_or_default(), query.get("unexplained").is_some());
    let refusal = refusal.map(|request| Refusal { request, reason, is_unexplained });
    let afresh = query.get(AFRESH).and_then(|id| id.parse::<Uuid>().ok());
    let (now, teams) = (context.now, context.viewer.teams.clone());
    let load = async move {
        let filter = LeaseFilter { after, limit: PAGE, ..LeaseFilter::default() };
        leases::list(&context.viewer, &context.db, &filter).await
    };
    Some(loaded(load, move |items| {
        view! {
            <Requests items=items teams=teams refusal=refusal is_first=after.is_none() afresh=afresh now=now />
        }
    }))
}

#[component]
fn Requests(
    items: Vec<LeaseView>,
    teams: Vec<String>,
    #[prop(optional_no_strip)] refusal: Option<Refusal>,
    is_first: bool,
    #[prop(optional_no_strip)] afresh: Option<Uuid>,
    now: OffsetDateTime,
) -> impl IntoView {
    let open = items.iter().filter(|request| request.state == "pending").count();
    let title = match (items.len(), open) {
        (0, _) => "Nobody has asked for accelerators".to_owned(),
        (_, 0) => "No request waits for a decision".to_owned(),
        (_, 1) => "One request waits for a decision".to_owned(),
        (_, n) => format!("{n} requests wait for a decision"),
    };
    let summary = format!("{} requests on this page", items.len());
    let is_shown = afresh.is_none_or(|id| items.iter().any(|request| request.id == id));
    let last = items.last().map(|request| request.id);
    let next = last
        .filter(|_| items.len() as i64 == PAGE)
        .map(|id| SafeHref::from(format!("/provisioning/requests?after={id}")));
    let first = (!is_first).then(|| SafeHref::from("/provisioning/requests"));
    view! {
        <PageHeader title=title crumbs=vec![Crumb::new("Namespaces", "/provisioning")]>
            <Sentence slot>
                "Small and short requests inside budget and capacity are granted at once; the platform team decides the rest."
            </Sentence>
        </PageHeader>
        {(!is_shown).then(|| came_back_afresh("look for the request and grant it"))}
        {if items.is_empty() {
            view! { <EmptyState sentence="A service that is created from a GPU golden path asks for its accelerators here, and so does the page of a namespace." /> }
                .into_any()
        } else {
            let cards = items.into_iter().map(|request| card(request, &teams, refusal.as_ref(), afresh, now)).collect_view();
            view! { <div class="flex flex-col gap-4">{cards}</div> }.into_any()
        }}
        <Pager summary=summary first=first next=next />
    }
}

fn card(
    request: LeaseView,
    teams: &[String],
    refusal: Option<&Refusal>,
    afresh: Option<Uuid>,
    now: OffsetDateTime,
) -> impl IntoView + use<> {
    let asked: Vec<String> =
        request.resources.iter().map(|(resource, count)| format!("{count} × {resource}")).collect();
    let title = format!("{} for {}", asked.join(", "), request.namespace);
    let home = links::namespace(&request.cluster, &request.namespace);
    let (tone, word) = lease_standing(&request.state);
    let policy = policy(&request);
    let decided = decided(&request);
    let id = request.id.to_string();
    let is_afresh = afresh == Some(request.id) && request.can_decide;
    let actions = actions(&request, teams, refusal.filter(|refusal| refusal.request == request.id));
    view! {
        <div id=id>
            <Card title=title>
                <p class="text-md">
                    <Badge tone=tone word=word /> " " {request.requested_by} " of " {request.team} " asked "
                    <Moment at=request.created_at now=now /> ", until " <Moment at=request.until now=now /> ", for "
                    <TextLink href=home>{request.environment} " of " {request.service}</TextLink> "."
                </p>
                <p class="mt-1 text-md text-ink-2">{request.reason}</p>
                {decided}
                {policy}
                {is_afresh.then(|| came_back_afresh("grant the request"))}
                {actions}
            </Card>
        </div>
    }
    .into_any()
}

fn decided(request: &LeaseView) -> Option<impl IntoView + use<>> {
    let who = match (&request.decided_by, request.state.as_str()) {
        (Some(who), _) => format!("Decided by {who}."),
        (None, "granted" | "expired") => "Granted by the policy.".to_owned(),
        _ => String::new(),
    };
    let why = request.decision.clone().unwrap_or_default();
    let text = format!("{who} {why}").trim().to_owned();
    (!text.is_empty()).then(|| view! { <p class="mt-1 text-md text-ink-2">{text}</p> })
}

/// What each rule said when it was asked.
fn policy(request: &LeaseView) -> Option<impl IntoView + use<>> {
    let rows: Vec<_> = request
        .policy
        .iter()
        .map(|verdict| match verdict.verdict {
            LeaseOutcome::Granted => ("within", verdict.why.clone()),
            LeaseOutcome::NeedsApproval => ("beyond", verdict.why.clone()),
        })
        .collect();
    (request.state == "pending").then(|| {
        let row = |(word, why): (&'static str, String)| view! { <RowItem aside=word>{why}</RowItem> };
        view! {
            <div class="mt-3">
                <h3 class="text-sm font-[560] text-ink-2">"What the policy says"</h3>
                <Rows>{rows.into_iter().map(row).collect_view()}</Rows>
            </div>
        }
    })
}

fn actions(request: &LeaseView, teams: &[String], refusal: Option<&Refusal>) -> Option<impl IntoView + use<>> {
    let address = |verb: &str| format!("/provisioning/requests/{}/{verb}", request.id);
    let is_ours = teams.contains(&request.team);
    let can_withdraw = is_ours && matches!(request.state.as_str(), "pending" | "granted");
    if !request.can_decide && !can_withdraw {
        return None;
    }
    let label = if request.state == "granted" { "Give them back" } else { "Withdraw the request" };
    let withdraw = can_withdraw.then(|| {
        view! { <form method="post" action=address("withdraw")><Button>{label}</Button></form> }
    });
    let decide = request.can_decide.then(|| {
        let refuse = match refusal {
            Some(refusal) => refuse(address("deny"), refusal).into_any(),
            None => {
                let href = format!("/provisioning/requests?refuse={0}#{0}", request.id);
                view! { <LinkButton href=href kind=ButtonKind::Danger>"Refuse it …"</LinkButton> }.into_any()
            }
        };
        view! {
            <form method="post" action=address("approve")>
                <Button kind=ButtonKind::Primary>"Grant it"</Button>
            </form>
            {refuse}
        }
    });
    Some(view! { <div class="mt-3.5 flex flex-wrap items-end gap-3">{decide} {withdraw}</div> })
}

/// A refusal has a reason, so that its form opens for one request at a time.
fn refuse(action: String, refusal: &Refusal) -> impl IntoView + use<> {
    let error = refusal.is_unexplained.then(|| "Say why, so that whoever asked can do better.".to_owned());
    let name = FieldText::new("reason", "Why it is refused").required().error(error);
    let reason = refusal.reason.clone();
    view! {
        <form method="post" action=action class="flex flex-wrap items-end gap-2">
            <div class="min-w-[min(100%,16rem)]"><TextField text=name value=reason is_focused=true /></div>
            <Button kind=ButtonKind::Danger>"Refuse it"</Button>
        </form>
    }
}
