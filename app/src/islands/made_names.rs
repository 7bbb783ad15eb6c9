//! The names that a service will have, while its own name is being typed.

use domain::{
    catalog::{EntityRef, Name},
    golden_paths::PathContext,
};
use leptos::prelude::*;

use crate::components::{KeyValue, KeyValues};

/// Names of a service by its name and owner, as they stand in the fields `name` and `owner` of the form beside it.
/// Without scripts they are those of the answers that were sent last.
#[island]
pub fn MadeNames(name: String, owner: String) -> impl IntoView {
    let answers = RwSignal::new((name, owner));
    #[cfg(feature = "hydrate")]
    super::browser::on_input("name", move |name| answers.update(|answers| answers.0 = name));
    #[cfg(feature = "hydrate")]
    super::browser::on_input("owner", move |owner| answers.update(|answers| answers.1 = owner));
    move || match made(&answers.read()) {
        Ok(rows) => {
            let row = |(term, name): (&'static str, String)| {
                view! { <KeyValue term=term><code class="break-all">{name}</code></KeyValue> }
            };
            view! { <KeyValues>{rows.into_iter().map(row).collect_view()}</KeyValues> }.into_any()
        }
        Err(why) => view! { <p class="text-md text-ink-2">{why}</p> }.into_any(),
    }
}

fn made((name, owner): &(String, String)) -> Result<Vec<(&'static str, String)>, String> {
    let name = name.trim();
    if name.is_empty() {
        return Err("As soon as it has a name, the names of all that is made stand here.".to_owned());
    }
    let name: Name = name.parse().map_err(|error: domain::catalog::NameError| error.to_string())?;
    let owner: EntityRef = owner.trim().parse().map_err(|_| "Choose an owner: all names begin with it.".to_owned())?;
    let made = PathContext::unconfigured(name.as_str(), &owner);
    Ok(vec![
        ("Repository", format!("{}/{}", made.organisation, made.repository)),
        ("Catalog", format!("component:default/{}", made.service)),
        ("Dev", made.namespaces.dev),
        ("Staging", made.namespaces.staging),
        ("Prod", made.namespaces.prod),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, owner: &str) -> Result<Vec<(&'static str, String)>, String> {
        made(&(name.to_owned(), owner.to_owned()))
    }

    #[test]
    fn names_follow_from_name_and_owner_or_the_reason_is_said() {
        let rows = of(" checkout ", "group:default/payments").unwrap();
        assert_eq!(rows[0], ("Repository", "payments/checkout".to_owned()));
        assert_eq!(rows[2], ("Dev", "payments-checkout-dev".to_owned()));
        assert!(of("", "group:default/payments").unwrap_err().starts_with("As soon as"));
        assert!(of("Checkout", "group:default/payments").unwrap_err().starts_with("Use only"));
        assert!(of("checkout", "").unwrap_err().starts_with("Choose an owner"));
    }
}
