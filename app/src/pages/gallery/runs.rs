//! Steps, timeline, rows, differences, code.

use domain::scaffold::StepState;
use leptos::prelude::*;
use time::Duration;

use super::{NOW, Part};
use crate::components::{
    Badge, Card, CodeBlock, Columns, DiffLine, DiffView, Glyph, Grid, Lead, RowItem, Rows, Step, Steps, TextLink,
    Timeline, TimelineEntry, Tone,
};

const DIFF: &str = "\
@@ -4,6 +4,7 @@ spec:
   template:
     spec:
       containers:
-        - image: registry.example/starter@sha256:5f0c
+        - image: registry.example/payments/checkout-api:v1.9.0
+          readinessProbe: {httpGet: {path: /ready, port: 8080}}
           resources:
";

const REFUSAL: &str = "pods \"trainer-7dc5-65rfn\" is forbidden: exceeded quota: waymark-gpu,
requested: requests.nvidia.com/gpu=1, used: 4, limited: 4";

#[component]
pub fn Runs() -> impl IntoView {
    view! {
        <Part id="runs" title="Runs">
            <Grid columns=Columns::Two>
                <Card title="Creating checkout-api" aside="step 4 of 7">
                    <RunSteps />
                </Card>
                <Card title="What happened">
                    <History />
                </Card>
            </Grid>
            <Grid columns=Columns::Two>
                <Card title="Waiting for you">
                    <Waiting />
                </Card>
                <Card title="Why trainer is stuck">
                    <CodeBlock label="The API server's answer" text=REFUSAL wraps=true />
                    <p class="mt-2.5 text-sm text-ink-2">
                        "The API server refuses the fifth pod. Your four cards were 52 % busy this week."
                    </p>
                </Card>
            </Grid>
            <DiffView caption="deploy/base/deployment.yaml" lines=DiffLine::parse_unified(DIFF) />
        </Part>
    }
    .into_any()
}

#[component]
fn RunSteps() -> impl IntoView {
    view! {
        <Steps>
            <Step state=StepState::Succeeded name="Render 23 files" duration="18 ms" />
            <Step state=StepState::Succeeded name="Create repository" duration="0.3 s">
                <TextLink href="https://git.example/payments/checkout-api">"payments/checkout-api"</TextLink>
                ", commit "
                <code>"1f9e2c4"</code>
            </Step>
            <Step state=StepState::Running name="Fence three namespaces" duration="1.1 s, usually 1.6 s" />
            <Step state=StepState::Waiting name="Wait until the cluster enforces the quota">
                "prod: access is granted after that"
            </Step>
            <Step state=StepState::Failed name="Hand over to Flux" duration="30 s">
                "The Git host does not answer. Try again from here in a minute."
            </Step>
            <Step state=StepState::Skipped name="Ask for GPUs" />
            <Step state=StepState::Cancelled name="Open a change request" />
            <Step state=StepState::Pending name="Wait for the first ready pod" />
        </Steps>
    }
    .into_any()
}

#[component]
fn History() -> impl IntoView {
    let ago = |minutes| NOW - Duration::minutes(minutes);
    view! {
        <Timeline>
            <TimelineEntry tone=Tone::Bad word="failed" at=ago(6) now=NOW source="Flux">
                "checkout-api: image cannot be pulled in staging"
            </TimelineEntry>
            <TimelineEntry tone=Tone::Good word="promoted" at=ago(41) now=NOW source="lead">
                <TextLink href="/catalog/component/default/checkout-api">"checkout-api v1.8.2"</TextLink>
                " runs in prod"
            </TimelineEntry>
            <TimelineEntry tone=Tone::Info word="healed" at=ago(60 * 27) now=NOW>
                "quota of payments-ledger-prod edited by hand, put back"
            </TimelineEntry>
            <TimelineEntry tone=Tone::Unknown word="not known" at=ago(60 * 24 * 40) now=NOW source="collector k8s">
                "the cluster was silent for 3 hours"
            </TimelineEntry>
        </Timeline>
    }
    .into_any()
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <Rows>
            <RowItem
                detail="used 71 % of its last grant · leaves 2 free cards in zone b · usually answered in 2 h"
                aside="38 min"
            >
                <Lead slot>
                    <Badge tone=Tone::Warn word="approve" />
                </Lead>
                <TextLink href="/provisioning/requests">"search asks for 4 × H100 until 12 December"</TextLink>
            </RowItem>
            <RowItem detail="tag v1.9.0 is not in the registry; its build is still running" aside="6 min">
                <Lead slot>
                    <Badge tone=Tone::Bad word="failed" />
                </Lead>
                <TextLink href="/delivery">"checkout-api: image cannot be pulled in staging"</TextLink>
            </RowItem>
            <RowItem aside="0.6 s">
                <Lead slot>
                    <Badge tone=Tone::Info word="healed" glyph=Glyph::Undo />
                </Lead>
                "quota of payments-ledger-prod, edited by hand"
            </RowItem>
        </Rows>
    }
    .into_any()
}
