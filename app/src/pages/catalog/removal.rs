//! Whether an entity shall go from the catalog: who still refers to it, and until when it can be put back.

use backend::{
    Error,
    catalog::{self, Referrers},
};
use domain::{access::Viewer, catalog::EntityRef, links};
use leptos::prelude::*;

use super::{named::of_entity, removed::references};
use crate::{
    components::{Button, ButtonKind, Decision, DialogPage},
    request::RequestContext,
};

/// For those who may take it out; to all others there is no such page.
#[component]
pub fn RemovalPage() -> impl IntoView {
    let load = |RequestContext { viewer, db, .. }: RequestContext, reference: EntityRef| async move {
        load(&viewer, &db, reference).await
    };
    of_entity(links::entity_remove, load, |(reference, found)| question(&reference, &found))
}

async fn load(viewer: &Viewer, db: &backend::Db, reference: EntityRef) -> Result<(EntityRef, Referrers), Error> {
    if !catalog::may_remove(viewer, db, &reference).await? {
        return Err(Error::NotFound);
    }
    let found = catalog::referrers(viewer, db, &reference).await?;
    Ok((reference, found))
}

fn question(reference: &EntityRef, found: &Referrers) -> AnyView {
    let name = reference.name().to_owned();
    let (title, button) = (format!("Take {name} out of the catalog?"), format!("Take {name} out"));
    let (action, back, refer) = (links::entity_remove(reference), links::entity(reference), refer(found));
    view! {
        <DialogPage title=title action=action back=back>
            <Decision slot>
                <Button kind=ButtonKind::Danger>{button}</Button>
            </Decision>
            <p class="mb-4">
                "Nobody sees it any more. It waits among what was taken out for 30 days and can be put back as it was; after that it is deleted."
            </p>
            {refer}
        </DialogPage>
    }
    .into_any()
}

fn refer(found: &Referrers) -> AnyView {
    let words = match found.total {
        0 => return view! { <p>"Nothing in the catalog refers to it."</p> }.into_any(),
        1 => "One entry still refers to it. What it says of it will lead nowhere:".to_owned(),
        count => format!("{count} entries still refer to it. What they say of it will lead nowhere:"),
    };
    let more = usize::try_from(found.total).unwrap_or(usize::MAX).saturating_sub(found.shown.len());
    let more = (more > 0).then(|| view! { <p class="mt-2 text-sm">{format!("And {more} more.")}</p> });
    let list = references(&found.shown);
    view! { <p class="mb-2">{words}</p> {list} {more} }.into_any()
}
