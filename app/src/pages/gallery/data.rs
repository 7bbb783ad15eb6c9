//! Tables, figures, meters, the heat map, a chart.

use leptos::prelude::*;
use time::Duration;

use super::{NOW, Part};
use crate::components::{
    Align, Badge, Card, Cell, ChartFrame, Column, Columns, DataLink, DataTable, Figures, Glyph, Grid, HeatMap, HeatRow,
    KeyValue, KeyValues, LevelCell, LevelReading, Meter, MeterChange, Moment, Readings, RowHeader, Stat, TableRow,
    TextLink, Tone,
};

#[component]
pub fn Data() -> impl IntoView {
    view! {
        <Part id="data" title="Data">
            <Grid columns=Columns::Four>
                <Stat value="14 of 61" context="services at level 3 or above, 9 in August" href="/maturity" />
                <Stat value="81 %" context="of results rest on computed evidence" href="/maturity" />
                <Stat value="7" context="exemptions, 2 end this month" />
                <Stat value="3 h 10" context="lead time, own target 4 h" />
            </Grid>
            <Grid columns=Columns::One>
                <Services />
                <Quota />
                <Levels />
            </Grid>
            <Grid columns=Columns::WideAndNarrow>
                <Chart />
                <Values />
            </Grid>
        </Part>
    }
    .into_any()
}

#[component]
fn Services() -> impl IntoView {
    let row = |name: &'static str, owner: &'static str, pods: &'static str, tone: Tone, word: &'static str, minutes| {
        let at = NOW - Duration::minutes(minutes);
        view! {
            <TableRow>
                <RowHeader label="Service">
                    <TextLink href=format!("/catalog/component/default/{name}")>{name}</TextLink>
                </RowHeader>
                <Cell label="Owner">{owner}</Cell>
                <Cell label="State">
                    <Badge tone=tone word=word />
                </Cell>
                <Cell label="Pods ready" align=Align::End>
                    {pods}
                </Cell>
                <Cell label="Changed" align=Align::End>
                    <Moment at=at now=NOW />
                </Cell>
            </TableRow>
        }
    };
    let columns = vec![
        Column::text("Service"),
        Column::text("Owner"),
        Column::text("State"),
        Column::number("Pods ready"),
        Column::number("Changed"),
    ];
    view! {
        <Card title="Services" aside="of payments">
            <DataTable caption="Services of payments" columns=columns>
                {row("checkout-api", "payments", "3 of 3", Tone::Good, "in sync", 41)}
                {row("ledger", "payments", "2 of 3", Tone::Warn, "one pod restarts", 190)}
                {row("fraud-model", "payments", "0 of 2", Tone::Bad, "image not found", 6)}
                {row("statement-export", "payments", "–", Tone::Unknown, "cluster silent", 5000)}
            </DataTable>
        </Card>
    }
    .into_any()
}

#[component]
fn Quota() -> impl IntoView {
    let readings = |used, reserved, limit| Readings { used, reserved, limit };
    view! {
        <Card title="Quota" aside="solid: used · light: reserved · end: limit">
            <Meter label="GPU, whole cards" readings=readings(Some(2.1), 4.0, Some(4.0)) unit="cards" />
            <Meter label="GPU, slice 3g.40gb" readings=readings(Some(0.7), 2.0, Some(4.0)) unit="slices" />
            <Meter label="CPU" readings=readings(Some(11.0), 20.0, Some(32.0)) unit="cores" />
            <Meter label="Memory" readings=readings(None, 70.0, Some(128.0)) unit="GiB" />
            <Meter label="Ephemeral storage" readings=readings(Some(12.0), 40.0, None) unit="GiB" />
            <MeterChange label="CPU of payments" before=102.0 after=116.0 limit=200.0 unit="cores" />
            <MeterChange label="GPU of payments" before=4.0 after=9.0 limit=8.0 unit="cards" />
        </Card>
    }
    .into_any()
}

const DIMENSIONS: [&str; 5] = ["People", "Process", "Policy", "Technology", "Business"];

#[component]
fn Levels() -> impl IntoView {
    let reading = |level, progress, is_thin, is_exempt| LevelReading { level, progress, is_thin, is_exempt };
    let plain = |level, progress| reading(Some(level), progress, false, false);
    let row = |team: &str, trend: &str, readings: [LevelReading; 5]| HeatRow {
        subject: team.to_owned(),
        href: format!("/maturity/teams/{team}").into(),
        cells: readings
            .into_iter()
            .zip(DIMENSIONS)
            .map(|(reading, dimension)| {
                (reading, format!("/maturity/teams/{team}?dimension={}", dimension.to_lowercase()).into())
            })
            .collect(),
        trend: trend.to_owned(),
    };
    let (alone, unknown) = (plain(3, 18), reading(None, 0, false, false));
    let thin = |level, progress| reading(Some(level), progress, true, false);
    let rows = vec![
        row(
            "payments",
            "level since May",
            [plain(2, 66), reading(Some(2), 75, true, true), plain(1, 33), plain(3, 18), plain(5, 0)],
        ),
        row("ledger", "+1 step", [plain(0, 85), thin(3, 90), unknown, plain(4, 75), thin(4, 15)]),
        row("search", "level since June", [thin(1, 10), plain(4, 91), thin(0, 50), thin(5, 0), plain(3, 60)]),
    ];
    view! {
        <Card title="Teams" aside="digit: level · line: way to the next · hatched: thin evidence · *: exemption">
            <HeatMap
                caption="Level of each team in each dimension"
                subject="Team"
                dimensions=DIMENSIONS.map(str::to_owned).to_vec()
                trend="this quarter"
                rows=rows
            />
            <p class="mt-4 text-md text-ink-2">"One level alone, as a service shows it:"</p>
            <div class="mt-2 max-w-24">
                <LevelCell subject="checkout-api, technology" reading=alone href="/maturity" />
            </div>
        </Card>
    }
    .into_any()
}

/// GPUs held each day of one week.
const HELD: [(&str, u32); 7] = [("Mon", 9), ("Tue", 11), ("Wed", 12), ("Thu", 12), ("Fri", 14), ("Sat", 6), ("Sun", 5)];

#[component]
fn Chart() -> impl IntoView {
    let bar = |(day, (_, cards)): (usize, (&str, u32))| {
        let height = cards * 6;
        view! {
            <rect class="fill-accent" x=(day * 40 + 6).to_string() y=(100 - height).to_string() width="28" height=height.to_string()></rect>
        }
    };
    let row = |(day, cards): (&'static str, u32)| {
        view! {
            <TableRow>
                <RowHeader label="Day">{day}</RowHeader>
                <Cell label="Cards held" align=Align::End>
                    {cards}
                </Cell>
            </TableRow>
        }
    };
    view! {
        <ChartFrame title="GPUs held, last week" description="Between 5 and 14 of 16 cards, most on Friday.">
            <Figures slot>
                <DataTable
                    caption="GPUs held on each day of last week"
                    columns=vec![Column::text("Day"), Column::number("Cards held")]
                >
                    {HELD.into_iter().map(row).collect_view()}
                </DataTable>
            </Figures>
            <svg viewBox="0 0 280 102" class="h-28 w-full" preserveAspectRatio="none">
                {HELD.into_iter().enumerate().map(bar).collect_view()}
                <path d="M0 100.5H280" class="stroke-line-strong" stroke-width="1"></path>
            </svg>
        </ChartFrame>
    }
    .into_any()
}

#[component]
fn Values() -> impl IntoView {
    view! {
        <Card title="Made so far">
            <KeyValues>
                <KeyValue term="Repository">
                    <DataLink address="https://git.example/payments/checkout-api" text="payments/checkout-api" />
                </KeyValue>
                <KeyValue term="Runbook">
                    <DataLink address="javascript:alert(1)" text="not a safe address" />
                </KeyValue>
                <KeyValue term="Namespaces">
                    "dev " <Badge tone=Tone::Good word="ready" /> " prod "
                    <Badge tone=Tone::Info word="fencing" glyph=Glyph::Progress />
                </KeyValue>
                <KeyValue term="Commit">
                    <code>"1f9e2c4"</code>
                </KeyValue>
            </KeyValues>
        </Card>
    }
    .into_any()
}
