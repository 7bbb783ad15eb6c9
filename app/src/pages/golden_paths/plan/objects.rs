//! Each object with what the API server said to it. What it refuses comes first and is open.

use std::collections::BTreeMap;

use domain::scaffold::{CheckedIn, ObjectVerdict, Verdict};
use leptos::prelude::*;

use super::words::counted;
use crate::components::{Badge, CodeBlock, Tone};

/// "35 accepted, 1 refused".
pub(super) fn summary(objects: &[ObjectVerdict]) -> String {
    let count = |verdict| objects.iter().filter(|object| object.verdict == verdict).count();
    let parts = [(Verdict::Denied, "refused"), (Verdict::Unverified, "not asked"), (Verdict::Accepted, "accepted")];
    let said = parts.into_iter().filter(|(verdict, _)| count(*verdict) > 0);
    said.map(|(verdict, word)| format!("{} {word}", count(verdict))).collect::<Vec<_>>().join(", ")
}

/// Objects by namespace; those of none go under the cluster.
pub(super) fn draw(objects: Vec<ObjectVerdict>) -> impl IntoView {
    let mut groups: BTreeMap<Option<String>, Vec<ObjectVerdict>> = BTreeMap::new();
    for object in objects {
        groups.entry(object.namespace.clone()).or_default().push(object);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, objects)| objects.iter().map(|object| order(object.verdict)).min());
    view! { <div class="flex flex-col gap-2">{groups.into_iter().map(group).collect_view()}</div> }
}

fn order(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Denied => 0,
        Verdict::Unverified => 1,
        Verdict::Accepted => 2,
    }
}

fn group((namespace, mut objects): (Option<String>, Vec<ObjectVerdict>)) -> impl IntoView {
    objects.sort_by(|a, b| order(a.verdict).cmp(&order(b.verdict)));
    let is_open = objects.iter().any(|object| object.verdict == Verdict::Denied);
    let title = namespace.unwrap_or_else(|| "of the cluster".to_owned());
    let aside = format!("{}: {}", counted(objects.len(), "object", "objects"), summary(&objects));
    view! {
        <details open=is_open class="rounded-sm border border-line">
            <summary class="flex min-h-[34px] cursor-pointer flex-wrap items-baseline gap-x-3 px-3 py-1.5 text-md pointer-coarse:min-h-11">
                <code class="break-all">{title}</code>
                <span class="text-sm text-ink-2">{aside}</span>
            </summary>
            <ul role="list" class="divide-y divide-line border-t border-line px-3">
                {objects.into_iter().map(object).collect_view()}
            </ul>
        </details>
    }
}

fn object(object: ObjectVerdict) -> impl IntoView {
    let (tone, word) = match object.verdict {
        Verdict::Accepted => (Tone::Good, "accepted"),
        Verdict::Denied => (Tone::Bad, "refused"),
        Verdict::Unverified => (Tone::Unknown, "not asked"),
    };
    let place = match object.checked_in {
        CheckedIn::Target => "asked where it will be",
        CheckedIn::Scratch => "asked in an empty namespace that stands in",
        CheckedIn::None => "not asked of the API server",
    };
    let name = format!("{}/{}", object.kind, object.name);
    let message = object.message.map(|message| {
        view! {
            <div class="mt-1.5">
                <CodeBlock label=format!("The answer to {name}") text=message wraps=true />
            </div>
        }
    });
    let warning = |text: String| view! { <p class="mt-1 text-sm text-warn">"Warning: " {text}</p> };
    view! {
        <li class="py-2">
            <div class="flex flex-wrap items-baseline gap-x-3 gap-y-1">
                <code class="break-all">{name.clone()}</code>
                <Badge tone=tone word=word />
                <span class="text-sm text-ink-3">{object.api_version} ", " {place}</span>
            </div>
            {message}
            {object.warnings.into_iter().map(warning).collect_view()}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(verdict: Verdict, namespace: &str) -> ObjectVerdict {
        ObjectVerdict {
            api_version: "v1".into(),
            kind: "ConfigMap".into(),
            namespace: Some(namespace.into()),
            name: "a".into(),
            verdict,
            checked_in: CheckedIn::Target,
            message: (verdict == Verdict::Denied).then(|| "exceeded quota".into()),
            warnings: vec![],
        }
    }

    #[test]
    fn what_is_refused_comes_first_and_is_open() {
        let objects =
            vec![of(Verdict::Accepted, "a-dev"), of(Verdict::Accepted, "b-dev"), of(Verdict::Denied, "b-dev")];
        assert_eq!(summary(&objects), "1 refused, 2 accepted");
        let html = crate::components::tests::html(|| draw(objects));
        let place = |text: &str| html.find(text).unwrap();
        assert!(place("b-dev") < place("a-dev") && place("refused") < place("accepted"), "{html}");
        assert_eq!(html.matches("<details open").count(), 1, "{html}");
        assert!(html.contains("exceeded quota"));
    }
}
