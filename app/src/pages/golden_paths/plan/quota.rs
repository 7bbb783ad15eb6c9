//! What is left of each quota afterwards.

use domain::{
    provisioning::Quantity,
    scaffold::{QuotaChange, QuotaScope},
};
use leptos::prelude::*;

use crate::components::{Align, Badge, Cell, Column, DataTable, RowHeader, TableRow, Tone, known};

pub(super) fn draw(changes: Vec<QuotaChange>) -> AnyView {
    if changes.is_empty() {
        return view! { <p class="text-ink-2">"No quota changes."</p> }.into_any();
    }
    let columns = vec![
        Column::text("Resource"),
        Column::text("Of"),
        Column::number("Before"),
        Column::number("After"),
        Column::number("Limit"),
    ];
    view! {
        <DataTable caption="Quota before and after" columns=columns>{changes.into_iter().map(row).collect_view()}</DataTable>
    }
    .into_any()
}

fn row(change: QuotaChange) -> impl IntoView {
    let scope = match change.scope {
        QuotaScope::Namespace => "namespace",
        QuotaScope::Team => "team",
        QuotaScope::Organisation => "organisation",
    };
    let is_over = is_over(change.after.as_deref(), change.limit.as_deref());
    view! {
        <TableRow>
            <RowHeader label="Resource">
                <span class="inline-flex flex-wrap items-center gap-2">
                    <code class="wrap-anywhere">{change.resource}</code>
                    {is_over.then(|| view! { <Badge tone=Tone::Bad word="over the limit" /> })}
                </span>
            </RowHeader>
            <Cell label="Of">{change.of} " " <span class="text-sm text-ink-3">{scope}</span></Cell>
            <Cell label="Before" align=Align::End>{known(change.before)}</Cell>
            <Cell label="After" align=Align::End>{known(change.after)}</Cell>
            <Cell label="Limit" align=Align::End>{known(change.limit)}</Cell>
        </TableRow>
    }
}

/// Only what is known can be over.
fn is_over(after: Option<&str>, limit: Option<&str>) -> bool {
    let quantity = |text: Option<&str>| text.and_then(Quantity::parse);
    quantity(after).zip(quantity(limit)).is_some_and(|(after, limit)| after > limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_compared_by_value_and_unknown_is_not_over() {
        assert!(is_over(Some("2"), Some("1900m")));
        assert!(!is_over(Some("1Gi"), Some("1024Mi")));
        assert!(!is_over(None, Some("1")) && !is_over(Some("5"), None));
    }
}
