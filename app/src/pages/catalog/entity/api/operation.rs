//! What can be asked of an API, one by one; each opens to what is sent and what comes back.

use domain::catalog::api_reference::{Answer, Body, Operation, OperationGroup};
use leptos::prelude::*;

use super::{rows::rows, text};
use crate::components::{Badge, Folded, Summary, Tone};

pub(super) fn group(group: OperationGroup) -> AnyView {
    let OperationGroup { name, description, operations } = group;
    let operations = operations.into_iter().map(operation).collect_view();
    let heading = (!name.is_empty()).then(|| view! { <h3 class="mt-4 font-[600] break-words">{name}</h3> });
    view! {
        {heading}
        {text(description)}
        <ul role="list" class="mt-1 divide-y divide-line">{operations}</ul>
    }
    .into_any()
}

fn operation(operation: Operation) -> AnyView {
    let Operation { verb, name, summary, description, is_deprecated, parameters, bodies, answers } = operation;
    let short = summary.clone();
    let old = is_deprecated.then(|| view! { <Badge tone=Tone::Warn word="deprecated" /> });
    let caption = format!("Parameters of {verb} {name}");
    let parameters = (!parameters.is_empty()).then(|| {
        view! { <h4 class="mt-2 text-sm font-[560] text-ink-2">"Parameters"</h4> {rows(caption, parameters, false)} }
    });
    let sent = bodies.into_iter().map(|sent| body("What is sent", sent)).collect_view();
    let answers = answers.into_iter().map(answer).collect_view();
    view! {
        <li class="min-w-0 py-0.5">
            <Folded>
                <Summary slot>
                    <span class="min-w-14 shrink-0 font-mono text-xs font-[600] text-accent">{verb}</span>
                    <code class="min-w-0 break-words">{name}</code>
                    <span class="min-w-0 text-sm text-ink-2 max-md:hidden">{short}</span>
                    {old}
                </Summary>
                <div class="ml-1 border-l border-line pl-3">
                    {text(summary)}
                    {text(description)}
                    {parameters}
                    {sent}
                    {answers}
                </div>
            </Folded>
        </li>
    }
    .into_any()
}

fn answer(answer: Answer) -> AnyView {
    let Answer { status, description, bodies } = answer;
    let title = if status.is_empty() { "What comes back".to_owned() } else { format!("Answer {status}") };
    if bodies.is_empty() {
        return view! { <h4 class="mt-2 text-sm font-[560] text-ink-2">{title}</h4> {text(description)} }.into_any();
    }
    let bodies = bodies.into_iter().map(|told| body(&title, told)).collect_view();
    view! { {bodies} {text(description)} }.into_any()
}

fn body(title: &str, body: Body) -> AnyView {
    let Body { name, type_name, description, rows: fields, is_cut } = body;
    let title = title.to_owned();
    let caption = format!("{title}: {name}");
    view! {
        <h4 class="mt-2 text-sm font-[560] text-ink-2">
            {title} " " <span class="font-normal">{name}</span> " " <code>{type_name}</code>
        </h4>
        {text(description)}
        {rows(caption, fields, is_cut)}
    }
    .into_any()
}
