//! What is wrong with a form, in one place.

use leptos::prelude::*;

use super::field::field_id;

/// What is wrong at one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The name of the field, as the form sends it.
    pub name: String,
    /// What is wrong and how to put it right.
    pub message: String,
}

/// Links to each field that needs another look. It takes the focus when the page opens.
#[component]
pub fn ErrorSummary(
    /// What was not done: "The service is not created yet".
    #[prop(into)]
    title: String,
    problems: Vec<FieldProblem>,
) -> impl IntoView {
    let link = |FieldProblem { name, message }: FieldProblem| {
        view! {
            <li>
                <a class="text-bad decoration-current" href=format!("#{}", field_id(&name))>
                    {message}
                </a>
            </li>
        }
    };
    (!problems.is_empty()).then(|| {
        view! {
            <div
                role="alert"
                tabindex="-1"
                autofocus=true
                class="mb-5 max-w-form rounded-sm border border-l-[3px] border-bad bg-surface px-3.5 py-2.5"
            >
                <p class="font-semibold">{title}</p>
                <ul class="mt-1 list-disc pl-5 text-md">{problems.into_iter().map(link).collect_view()}</ul>
            </div>
        }
    })
}
