//! The picture. It is scrolled where it is wider than the page; the list below says the same.

use domain::catalog::graph::{Content, Drawn, Graph, Placed};
use leptos::prelude::*;

use super::address;
use crate::pages::catalog::entity::relations::words;

/// Letters that fit onto a box.
const MOST_LETTERS: usize = 25;

pub(super) fn picture(graph: &Graph) -> AnyView {
    let edges = graph.edges.iter().map(edge).collect_view();
    let boxes = graph.boxes.iter().map(placed).collect_view();
    let size = format!("0 0 {} {}", graph.width, graph.height);
    view! {
        <div
            role="region"
            aria-label="Picture of what is around it"
            tabindex="0"
            class="overflow-x-auto rounded-lg border border-line bg-surface"
        >
            <svg
                viewBox=size
                width=graph.width
                height=graph.height
                role="group"
                aria-label="Entities and how they are related"
                class="mx-auto block max-w-none"
            >
                <defs>
                    <marker
                        id="arrow"
                        viewBox="0 0 8 8"
                        refX="8"
                        refY="4"
                        markerWidth="7"
                        markerHeight="7"
                        orient="auto-start-reverse"
                    >
                        <path d="M0 0.5 8 4 0 7.5z" class="fill-ink-3" />
                    </marker>
                </defs>
                {edges}
                {boxes}
            </svg>
        </div>
    }
    .into_any()
}

/// Lines are for the eye: each stands as a sentence in the list.
fn edge(drawn: &Drawn) -> AnyView {
    let times = if drawn.count > 1 { format!(", {} times", drawn.count) } else { String::new() };
    let title = format!("{}{times}", words(&drawn.relation));
    view! {
        <path
            d=drawn.path()
            marker-end="url(#arrow)"
            aria-hidden="true"
            class="fill-none stroke-line-strong stroke-[1.5] hover:stroke-accent"
        >
            <title>{title}</title>
        </path>
    }
    .into_any()
}

fn placed(placed: &Placed) -> AnyView {
    let Placed { content, x, y, width, height, is_focus, .. } = placed;
    let title = content.title();
    let kind = match content {
        Content::Entity(node) => node.reference.kind().to_owned(),
        Content::Group(_) => "more than fit here".to_owned(),
    };
    let outline = match (is_focus, content) {
        (true, _) => "fill-accent-soft stroke-accent",
        (false, Content::Group(_)) => "fill-sunken stroke-line-strong [stroke-dasharray:4_3]",
        (false, Content::Entity(_)) => "fill-surface stroke-line-strong group-hover:stroke-accent",
    };
    let shown = shortened(&title);
    let (text, first, second) = (x + 12, y + 20, y + 37);
    view! {
        <a href=address(content) class="group no-underline hover:underline" aria-current=is_focus.then_some("true")>
            <title>{format!("{title}, {kind}")}</title>
            <rect x=*x y=*y width=*width height=*height rx="6" class=format!("stroke-1 {outline}") />
            <text x=text y=first class="fill-ink text-md font-[560]">{shown}</text>
            <text x=text y=second class="fill-ink-2 text-sm">{kind}</text>
        </a>
    }
    .into_any()
}

fn shortened(title: &str) -> String {
    match title.char_indices().nth(MOST_LETTERS) {
        None => title.to_owned(),
        Some(_) => {
            let short: String = title.chars().take(MOST_LETTERS - 1).collect();
            format!("{}…", short.trim_end())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn long_titles_are_cut_where_letters_end() {
        assert_eq!(shortened("Checkout"), "Checkout");
        assert_eq!(shortened(&"é".repeat(25)), "é".repeat(25));
        assert_eq!(shortened(&"é".repeat(26)), format!("{}…", "é".repeat(24)));
    }
}
