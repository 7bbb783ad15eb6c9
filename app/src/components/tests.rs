//! No text of a person's becomes markup, in any component; no link leads into a script.

use leptos::{prelude::*, reactive::owner::Owner};
use time::macros::datetime;

use domain::scaffold::StepState;

use super::*;

/// Ends a text, an attribute in either quotes, a text area and a title, and begins something that would run.
pub(crate) const HOSTILE: &str = "</textarea></title></code>\"' onmouseover=\"run()\" <img src=x onerror=run()>&amp;";

const NOW: time::OffsetDateTime = datetime!(2026-11-21 12:00:00 UTC);

pub(crate) fn html<V: IntoView>(draw: impl FnOnce() -> V) -> String {
    Owner::new().with(|| draw().into_view().to_html())
}

/// The tags of `html` without what stands in quotes.
pub(crate) fn bare_tags(html: &str) -> Vec<String> {
    let (mut tags, mut tag, mut quote) = (Vec::new(), None::<String>, None);
    for c in html.chars() {
        match (&mut tag, quote) {
            (None, _) if c == '<' => tag = Some(String::new()),
            (None, _) => {}
            (Some(_), Some(open)) => quote = (c != open).then_some(open),
            (Some(_), None) if c == '"' || c == '\'' => quote = Some(c),
            (Some(_), None) if c == '>' => tags.extend(tag.take()),
            (Some(text), None) => text.push(c),
        }
    }
    assert!(tag.is_none(), "a tag does not end");
    tags
}

pub(crate) fn assert_inert(component: &str, html: &str) {
    assert!(html.contains("run()"), "{component} does not print its text: {html}");
    for tag in bare_tags(html) {
        assert!(!tag.starts_with("img"), "{component} lets a tag through: {html}");
        assert!(!tag.contains("onmouseover") && !tag.contains("onerror"), "{component} lets a handler through: {html}");
    }
}

fn hostile_field() -> FieldText {
    FieldText::new(HOSTILE, HOSTILE).hint(HOSTILE).error(Some(HOSTILE.to_owned()))
}

fn hostile_choices() -> Vec<Choice> {
    vec![Choice::new(HOSTILE, HOSTILE).hint(HOSTILE)]
}

#[test]
fn parts_of_a_page_print_text_as_text() {
    let crumbs = vec![Crumb::new(HOSTILE, "/")];
    let tab = Tab { label: HOSTILE.to_owned(), href: "/".into(), is_current: true, count: None };
    let drawn = [
        ("Badge", html(|| view! { <Badge tone=Tone::Bad word=HOSTILE /> })),
        ("Button", html(|| view! { <Button name=HOSTILE value=HOSTILE form=HOSTILE>{HOSTILE}</Button> })),
        ("LinkButton", html(|| view! { <LinkButton href=HOSTILE>{HOSTILE}</LinkButton> })),
        ("PageHeader", html(|| view! { <PageHeader title=HOSTILE crumbs=crumbs /> })),
        ("Card", html(|| view! { <Card title=HOSTILE aside=HOSTILE>{HOSTILE}</Card> })),
        ("EmptyState", html(|| view! { <EmptyState sentence=HOSTILE /> })),
        ("Notice", html(|| view! { <Notice tone=Tone::Good message=HOSTILE /> })),
        ("Note", html(|| view! { <Note tone=Tone::Warn title=HOSTILE>{HOSTILE}</Note> })),
        ("Stat", html(|| view! { <Stat value=HOSTILE context=HOSTILE href=HOSTILE /> })),
        ("Tabs", html(|| view! { <Tabs label=HOSTILE tabs=vec![tab] /> })),
        ("Pager", html(|| view! { <Pager summary=HOSTILE first=Some("/".into()) next=None /> })),
        ("DataLink", html(|| view! { <DataLink address=HOSTILE text=HOSTILE /> })),
        ("TextLink", html(|| view! { <TextLink href=HOSTILE>{HOSTILE}</TextLink> })),
    ];
    for (component, html) in drawn {
        assert_inert(component, &html);
    }
}

#[test]
fn data_prints_text_as_text() {
    let readings = Readings { used: None, reserved: 1.0, limit: None };
    let level = LevelReading { level: Some(2), progress: 10, is_thin: true, is_exempt: false };
    let row = HeatRow {
        subject: HOSTILE.to_owned(),
        href: HOSTILE.into(),
        cells: vec![(level, HOSTILE.into())],
        trend: HOSTILE.to_owned(),
    };
    let lines = DiffLine::parse_unified(&format!("@@ {HOSTILE}\n+{HOSTILE}\n-{HOSTILE}\n {HOSTILE}"));
    let columns = vec![Column::text(HOSTILE)];
    let drawn = [
        ("DataTable", html(|| view! { <DataTable caption=HOSTILE columns=columns>{HOSTILE}</DataTable> })),
        ("RowHeader", html(|| view! { <RowHeader label=HOSTILE>{HOSTILE}</RowHeader> })),
        ("Cell", html(|| view! { <Cell label=HOSTILE>{HOSTILE}</Cell> })),
        ("RowItem", html(|| view! { <RowItem detail=HOSTILE aside=HOSTILE>{HOSTILE}</RowItem> })),
        ("KeyValue", html(|| view! { <KeyValue term=HOSTILE>{HOSTILE}</KeyValue> })),
        ("Meter", html(|| view! { <Meter label=HOSTILE readings=readings unit=HOSTILE /> })),
        ("MeterChange", html(|| view! { <MeterChange label=HOSTILE before=1.0 after=2.0 limit=1.0 unit=HOSTILE /> })),
        (
            "HeatMap",
            html(|| {
                view! {
                    <HeatMap caption=HOSTILE subject=HOSTILE dimensions=vec![HOSTILE.to_owned()] trend=HOSTILE rows=vec![row] />
                }
            }),
        ),
        ("LevelCell", html(|| view! { <LevelCell subject=HOSTILE reading=level href=HOSTILE /> })),
        ("Step", html(|| view! { <Step state=StepState::Failed name=HOSTILE duration=HOSTILE>{HOSTILE}</Step> })),
        ("DiffView", html(|| view! { <DiffView caption=HOSTILE lines=lines /> })),
        ("CodeBlock", html(|| view! { <CodeBlock label=HOSTILE text=HOSTILE /> })),
        (
            "TimelineEntry",
            html(|| {
                view! {
                    <TimelineEntry tone=Tone::Info word=HOSTILE at=NOW now=NOW source=HOSTILE>
                        {HOSTILE}
                    </TimelineEntry>
                }
            }),
        ),
        (
            "ChartFrame",
            html(|| {
                view! {
                    <ChartFrame title=HOSTILE description=HOSTILE>
                        <Figures slot>{HOSTILE}</Figures>
                        {HOSTILE}
                    </ChartFrame>
                }
            }),
        ),
    ];
    for (component, html) in drawn {
        assert_inert(component, &html);
    }
}

#[test]
fn forms_print_text_as_text() {
    let problems = vec![FieldProblem { name: HOSTILE.to_owned(), message: HOSTILE.to_owned() }];
    let choices = hostile_choices;
    let drawn = [
        ("TextField", html(|| view! { <TextField text=hostile_field() value=HOSTILE /> })),
        ("TextAreaField", html(|| view! { <TextAreaField text=hostile_field() value=HOSTILE /> })),
        ("SelectField", html(|| view! { <SelectField text=hostile_field() choices=choices() value=HOSTILE /> })),
        ("Checkbox", html(|| view! { <Checkbox text=hostile_field() value=HOSTILE /> })),
        ("CheckboxGroup", html(|| view! { <CheckboxGroup text=hostile_field() choices=choices() /> })),
        ("RadioGroup", html(|| view! { <RadioGroup text=hostile_field() choices=choices() value=HOSTILE /> })),
        ("ErrorSummary", html(|| view! { <ErrorSummary title=HOSTILE problems=problems /> })),
        ("FilterText", html(|| view! { <FilterText name=HOSTILE label=HOSTILE value=HOSTILE /> })),
        (
            "FilterSelect",
            html(|| view! { <FilterSelect name=HOSTILE label=HOSTILE choices=choices() value=HOSTILE /> }),
        ),
        ("FilterForm", html(|| view! { <FilterForm action=HOSTILE is_filtered=true>{HOSTILE}</FilterForm> })),
        (
            "DialogPage",
            html(|| {
                view! {
                    <DialogPage title=HOSTILE action=HOSTILE back=HOSTILE>
                        <Decision slot>{HOSTILE}</Decision>
                        {HOSTILE}
                    </DialogPage>
                }
            }),
        ),
    ];
    for (component, html) in drawn {
        assert_inert(component, &html);
    }
}

#[test]
fn a_text_area_gives_back_exactly_what_was_typed() {
    let content = |value: &'static str| {
        let html = html(|| view! { <TextAreaField text=FieldText::new("values", "Values") value=value /> });
        let content = html.split_once("<textarea").and_then(|(_, rest)| rest.split_once('>')).map(|(_, rest)| rest);
        content.and_then(|rest| rest.split_once("</textarea>")).map(|(content, _)| content.to_owned())
    };
    // The parser drops the line end that stands first.
    assert_eq!(content("").as_deref(), Some("\n"));
    assert_eq!(content("\nreplicas: 3").as_deref(), Some("\n\nreplicas: 3"));
    assert_eq!(content("a < b & c").as_deref(), Some("\na &lt; b &amp; c"));
}

#[test]
fn an_error_stands_at_its_field_and_is_linked_from_the_summary() {
    let text =
        FieldText::new("spec name", "Name").hint("Lower case.").error(Some("It is taken.".to_owned())).required();
    let field = html(|| view! { <TextField text=text /> });
    for attribute in [
        "id=\"field-spec-name\"",
        "for=\"field-spec-name\"",
        "name=\"spec name\"",
        "aria-describedby=\"field-spec-name-hint field-spec-name-error\"",
        "aria-invalid=\"true\"",
        "id=\"field-spec-name-error\"",
        " required",
    ] {
        assert!(field.contains(attribute), "{attribute} is not in {field}");
    }
    let problems = vec![FieldProblem { name: "spec name".to_owned(), message: "It is taken.".to_owned() }];
    let summary = html(|| view! { <ErrorSummary title="Not created yet" problems=problems /> });
    assert!(summary.contains("href=\"#field-spec-name\"") && summary.contains("role=\"alert\""), "{summary}");
    assert!(!html(|| view! { <ErrorSummary title="Not created yet" problems=vec![] /> }).contains("alert"));
}

#[test]
fn a_link_into_a_script_is_never_drawn() {
    let script = "javascript:alert(1)";
    let drawn = [
        html(|| view! { <DataLink address=script text="Runbook" /> }),
        html(|| view! { <TextLink href=script>"Runbook"</TextLink> }),
        html(|| view! { <LinkButton href=script>"Runbook"</LinkButton> }),
        html(|| view! { <Stat value="1" context="of 2" href=script /> }),
    ];
    for html in drawn {
        assert!(!html.contains("javascript:"), "{html}");
    }
    assert!(!html(|| view! { <DataLink address=script text="Runbook" /> }).contains("<a"));
}
