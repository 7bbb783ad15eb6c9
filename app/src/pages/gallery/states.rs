//! Badges, notes, notices, buttons, tabs, icons.

use leptos::prelude::*;

use super::Part;
use crate::components::{
    Badge, BrandMark, Button, ButtonKind, Card, Columns, DemoBanner, EmptyState, Folded, Glyph, Grid, Icon, LinkButton,
    Note, Notice, Pager, Remedy, SafeHref, Summary, Tab, Tabs, TextLink, Tone,
};

#[component]
pub fn States() -> impl IntoView {
    view! {
        <Part id="states" title="States">
            <Grid columns=Columns::WideAndNarrow>
                <Card title="A state is shape, word and colour">
                    <Badges />
                </Card>
                <Card title="Buttons name the thing" aside="one primary a page">
                    <Buttons />
                </Card>
            </Grid>
            <Grid columns=Columns::Two>
                <Card title="The reason stands next to the remedy">
                    <Notes />
                </Card>
                <Card title="Nothing here yet">
                    <EmptyState sentence="Payments has no namespace in EU-1 yet. One is made with each service, or on its own.">
                        <LinkButton href="/provisioning" glyph=Glyph::Plus>
                            "Ask for a namespace"
                        </LinkButton>
                    </EmptyState>
                </Card>
            </Grid>
            <Notices />
            <Moves />
            <Signs />
            <Icons />
        </Part>
    }.into_any()
}

#[component]
fn Badges() -> impl IntoView {
    view! {
        <div class="flex flex-wrap gap-2">
            <Badge tone=Tone::Good word="in sync" />
            <Badge tone=Tone::Warn word="approve" />
            <Badge tone=Tone::Bad word="failed" />
            <Badge tone=Tone::Info word="healed" glyph=Glyph::Undo />
            <Badge tone=Tone::Info word="fencing" glyph=Glyph::Progress />
            <Badge tone=Tone::Unknown word="Network isolated" />
        </div>
    }
    .into_any()
}

#[component]
fn Buttons() -> impl IntoView {
    view! {
        <div class="flex flex-wrap gap-2">
            <LinkButton href="/" glyph=Glyph::Download>
                "Download as CSV"
            </LinkButton>
            <Button>"Ask for 1 more"</Button>
            <Button kind=ButtonKind::Danger>"Delete payments-ledger-dev"</Button>
            <Button disabled=true>"Promote to prod"</Button>
        </div>
    }
    .into_any()
}

#[component]
fn Notes() -> impl IntoView {
    view! {
        <div class="flex flex-col gap-3">
            <Note tone=Tone::Bad title="The image does not exist yet">
                <Remedy slot>
                    <Button>"Roll staging back to v1.8.2"</Button>
                    <LinkButton href="https://git.example/payments/checkout-api/builds/318" glyph=Glyph::External>
                        "Build 318"
                    </LinkButton>
                </Remedy>
                "Build 318 pushes it in about 2 minutes; the pod then starts by itself."
            </Note>
            <Note tone=Tone::Warn title="If it fails">
                "You can go on from the failed step, change an answer, or take back what this run made."
            </Note>
            <Note tone=Tone::Unknown title="Nobody has told us">
                "The collector of cluster eu-2 has been silent for 3 hours. Its figures are the last ones it gave."
            </Note>
        </div>
    }
    .into_any()
}

#[component]
fn Notices() -> impl IntoView {
    view! {
        <div class="mb-4">
            <Notice tone=Tone::Good message="You are granted 2 cards until 21 December.">
                <TextLink href="/provisioning">"Open the namespace"</TextLink>
            </Notice>
            <Notice tone=Tone::Bad message="The plan was not applied: the repository exists by now. Look at the new plan first." />
            <Notice tone=Tone::Info message="The run goes on; you may close this page." />
        </div>
    }.into_any()
}

#[component]
fn Moves() -> impl IntoView {
    let tab = |label: &str, is_current, count| Tab {
        label: label.to_owned(),
        href: SafeHref::from(format!("?tab={}", label.to_lowercase())),
        is_current,
        count,
    };
    let tabs = vec![tab("Overview", true, None), tab("Namespaces", false, Some(3)), tab("Runs", false, Some(128))];
    view! {
        <div class="mb-4">
            <Card title="Where the address is the state">
                <Tabs label="checkout-api" tabs=tabs />
                <p class="text-md text-ink-2">"Tabs are links, and so are the pages of a list."</p>
                <Pager
                    summary="50 of 312 entries"
                    first=Some(SafeHref::from("?"))
                    next=Some(SafeHref::from("?after=checkout"))
                />
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn Signs() -> impl IntoView {
    view! {
        <Grid columns=Columns::Two>
            <Card title="The name, and the line above invented data">
                <p class="mb-3">
                    <BrandMark />
                </p>
                <DemoBanner />
            </Card>
            <Card title="What is long stands behind its name">
                <Folded>
                    <Summary slot>"GET /orders/{id}"</Summary>
                    <p class="text-md text-ink-2">"One order with its lines. Answers 404 where there is none."</p>
                </Folded>
            </Card>
        </Grid>
    }
    .into_any()
}

#[component]
fn Icons() -> impl IntoView {
    let icon = |glyph: Glyph| {
        view! {
            <li class="flex min-w-32 items-center gap-2 text-sm text-ink-2">
                <Icon glyph=glyph />
                {format!("{glyph:?}")}
            </li>
        }
    };
    view! {
        <Card title="Icons" aside="beside words, never instead of them">
            <ul role="list" class="grid grid-cols-2 gap-y-1.5 md:grid-cols-5">
                {Glyph::ALL.into_iter().map(icon).collect_view()}
            </ul>
        </Card>
    }
    .into_any()
}
