//! What somebody needs to work on a service: the clone command, the address, a kubeconfig.

use backend::delivery::DeliveryView;
use domain::links;
use leptos::prelude::*;

use crate::components::{Badge, CodeBlock, DataLink, KeyValue, KeyValues, TextLink, Tone};

pub(super) fn work(views: &[DeliveryView], has_login: bool) -> AnyView {
    let Some(first) = views.first() else { return ().into_any() };
    let clone = match &first.clone_url {
        Some(url) => {
            view! { <CodeBlock label="Clone command" text=format!("git clone {url}") wraps=true /> }.into_any()
        }
        None => view! { <Badge tone=Tone::Unknown word="address not known yet" /> }.into_any(),
    };
    let kubeconfig = |view: &DeliveryView| {
        let address = links::kubeconfig(&view.cluster, &view.namespace);
        let label = format!("For {}", view.namespace);
        view! { <li class="py-1"><TextLink href=address>{label}</TextLink></li> }
    };
    let kubeconfigs = views.iter().map(kubeconfig).collect_view();
    let branch = first.branch.clone();
    let repository = match first.web_url.clone() {
        Some(url) => view! { <DataLink address=url.clone() text=url /> }.into_any(),
        None => view! { <code>{first.repository.clone()}</code> }.into_any(),
    };
    view! {
        {clone}
        <p class="mt-2 mb-3 text-sm text-ink-2">
            "Git signs in through your identity provider. What you push to " <code>{branch}</code>
            " is applied to every environment whose files it changes. Production alone stays at what was released until a lead approves."
        </p>
        <KeyValues>
            <KeyValue term="Repository">{repository}</KeyValue>
            <KeyValue term="Kubeconfig">
                <ul role="list">{kubeconfigs}</ul>
                <p class="text-sm text-ink-2">
                    {if has_login {
                        "It holds the cluster's address and no credential: it signs you in as yourself, and your groups decide."
                    } else {
                        "It holds the cluster's address and no credential: ask the platform team how your organisation signs in to the cluster."
                    }}
                </p>
            </KeyValue>
        </KeyValues>
    }
    .into_any()
}
