//! What somebody needs to work on a service: the clone command, the address, a kubeconfig.

use backend::delivery::DeliveryView;
use domain::{delivery::Address, links};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::{Badge, CodeBlock, DataLink, KeyValue, KeyValues, Moment, TextLink, Tone};

pub(super) fn work(views: &[DeliveryView], has_login: bool, now: OffsetDateTime) -> AnyView {
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
    let addresses = views.iter().map(|view| address(view, now)).collect_view();
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
            <KeyValue term="Address">
                <ul role="list">{addresses}</ul>
                <p class="text-sm text-ink-2">
                    "Programs in the cluster reach it there, as far as its network policies let them; the command brings it to your own machine with the kubeconfig below, where your groups may do that."
                </p>
            </KeyValue>
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

/// Where one environment is reached, as its Service in the cluster says.
fn address(view: &DeliveryView, now: OffsetDateTime) -> impl IntoView + use<> {
    let namespace = view.namespace.as_str();
    let found = view.observed.as_ref().map(|observed| observed.addresses.as_slice());
    let places = match found {
        None => view! { <Badge tone=Tone::Unknown word="not looked yet" /> }.into_any(),
        Some([]) => "No Service stands there yet.".into_any(),
        Some(found) => {
            let place = |address: &Address| {
                let label = format!("Port forward to {} of {}", address.port, view.environment);
                view! {
                    <p class="wrap-anywhere"><code>{address.in_cluster(namespace)}</code></p>
                    <CodeBlock label=label text=address.port_forward(namespace) wraps=true />
                }
            };
            found.iter().map(place).collect_view().into_any()
        }
    };
    let seen = view.observed_at.map(|at| {
        view! { <span class="text-sm text-ink-2">"cluster " {view.cluster.clone()} ", " <Moment at=at now=now /></span> }
    });
    view! {
        <li class="grid grid-cols-[minmax(0,1fr)] gap-1 py-1.5">
            <p>{view.environment.clone()} " " {seen}</p>
            {places}
        </li>
    }
    .into_any()
}
