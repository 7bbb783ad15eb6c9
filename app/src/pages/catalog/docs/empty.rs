//! An entity without documentation of its own.

use backend::catalog::Entity;
use domain::{
    catalog::docs::{Asked, asked},
    links,
};
use leptos::prelude::*;

use super::{crumbs, title};
use crate::components::{Card, CodeBlock, Note, PageHeader, Sentence, TextLink, Tone};

const ANNOTATION: &str = "metadata:\n  annotations:\n    backstage.io/techdocs-ref: dir:.\n";
const FILES: &str = "catalog-info.yaml\ndocs/\n  index.md\n  runbook.md\n";

pub(super) fn empty(entity: &Entity) -> AnyView {
    let name = title(entity);
    match asked(&entity.document) {
        Some(Ok(Asked::Elsewhere(other))) => {
            let (href, other) = (links::docs(&other), other.to_string());
            view! {
                <PageHeader title=format!("The docs of {name} stand elsewhere") crumbs=crumbs(entity, true)>
                    <Sentence slot>"They are those of " <TextLink href=href>{other}</TextLink> "."</Sentence>
                </PageHeader>
            }
            .into_any()
        }
        Some(Ok(_)) => {
            let home = links::entity(&entity.reference);
            view! {
                <PageHeader title=format!("No docs of {name} are read yet") crumbs=crumbs(entity, true)>
                    <Sentence slot>
                        "Its description asks for them; they are read with the next look at its source. If they do not come, "
                        <TextLink href=home>"its page"</TextLink> " says what is wrong."
                    </Sentence>
                </PageHeader>
            }
            .into_any()
        }
        Some(Err(why)) => {
            let head = head(entity, &name);
            view! { {head} <Note tone=Tone::Warn title="What its description says is not understood">{why}</Note> }
                .into_any()
        }
        None => {
            let head = head(entity, &name);
            view! { {head} {how()} }.into_any()
        }
    }
}

fn head(entity: &Entity, name: &str) -> impl IntoView {
    view! {
        <PageHeader title=format!("{name} has no docs yet") crumbs=crumbs(entity, true)>
            <Sentence slot>"Pages of Markdown that lie beside its code are shown here, and found by search."</Sentence>
        </PageHeader>
    }
}

fn how() -> impl IntoView {
    view! {
        <div class="grid gap-4 md:grid-cols-2">
            <Card title="1. Say where they are">
                <p class="mb-2 text-ink-2">"Add this annotation to the file that describes it."</p>
                <CodeBlock text=ANNOTATION label="Annotation" />
            </Card>
            <Card title="2. Write them">
                <p class="mb-2 text-ink-2">
                    "Put pages into a folder " <code>"docs"</code> " beside that file. A " <code>"mkdocs.yml"</code>
                    " with " <code>"nav"</code> " orders them, if you want another order than that of their names."
                </p>
                <CodeBlock text=FILES label="Files" />
            </Card>
        </div>
    }
}
