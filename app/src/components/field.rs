//! What every form field has: a name, words, and what is wrong with it.

use leptos::prelude::*;

/// The words around an input. The error stands at the field; the summary on top of the form links to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldText {
    name: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    is_required: bool,
}

impl FieldText {
    /// `name` is what the form sends.
    pub fn new(name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), ..Self::default() }
    }

    /// What to write, with an example.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong and how to put it right; `None` when nothing is.
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    pub fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    pub(super) fn name(&self) -> String {
        self.name.clone()
    }

    pub(super) fn label(&self) -> String {
        self.label.clone()
    }

    pub(super) fn is_required(&self) -> bool {
        self.is_required
    }

    pub(super) fn id(&self) -> String {
        field_id(&self.name)
    }

    /// The ids of hint and error, for `aria-describedby`.
    pub(super) fn described_by(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| self.hint_id());
        let error = self.error.as_ref().map(|_| self.error_id());
        let ids: Vec<String> = [hint, error].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    pub(super) fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    /// The hint, above the input: it must be readable before something is typed.
    pub(super) fn hint_view(&self) -> impl IntoView + use<> {
        let id = self.hint_id();
        self.hint.clone().map(|hint| view! { <p id=id class="text-sm text-ink-2">{hint}</p> })
    }

    /// The error, between hint and input.
    pub(super) fn error_view(&self) -> impl IntoView + use<> {
        let id = self.error_id();
        self.error.clone().map(|error| {
            view! {
                <p id=id class="text-sm font-[560] text-bad">
                    <span class="sr-only">"Error: "</span>
                    {error}
                </p>
            }
        })
    }

    fn hint_id(&self) -> String {
        format!("{}-hint", self.id())
    }

    fn error_id(&self) -> String {
        format!("{}-error", self.id())
    }
}

/// The id of the input called `name`; an id holds no white space.
pub fn field_id(name: &str) -> String {
    format!("field-{}", name.split_whitespace().collect::<Vec<_>>().join("-"))
}

/// Label, hint and error around one input.
#[component]
pub(super) fn FieldFrame(text: FieldText, children: Children) -> impl IntoView {
    view! {
        <div class="mb-4 flex max-w-form flex-col gap-1 last:mb-0">
            <label for=text.id() class="text-md font-[560]">
                {text.label()}
                {(!text.is_required()).then(|| view! { <span class="font-normal text-ink-3">" (optional)"</span> })}
            </label>
            {text.hint_view()}
            {text.error_view()}
            {children()}
        </div>
    }
    .into_any()
}

/// What every box to type into looks like. 16 px on narrow screens, where smaller text makes some browsers zoom in.
pub(super) const BOX: &str = "w-full min-h-[34px] rounded-sm border border-line-input bg-surface px-2.5 py-1 text-ink \
                              placeholder:text-ink-3 aria-[invalid]:border-bad disabled:bg-sunken disabled:text-ink-3 \
                              max-md:text-lg pointer-coarse:min-h-11";
