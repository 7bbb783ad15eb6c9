//! Golden paths: choose one, fill in its form, read the plan.

mod list;
mod path;
mod plan;
mod wizard;

use domain::catalog::Name;
use leptos::prelude::ReadUntracked;
use leptos_router::hooks::use_params_map;

pub use list::GoldenPathsPage;
pub(crate) use list::left_off;
pub use path::GoldenPathPage;
pub use plan::PlanPage;
pub use wizard::WizardPage;

/// The button of the form that was pressed. No parameter can have this name: it is no word of a template.
pub const FORM_ACTION: &str = "waymark:do";

/// The path that the address names. What cannot be a name is as missing as one that nobody has.
fn name_in_address() -> Option<String> {
    let name = use_params_map().read_untracked().get("name")?;
    name.parse::<Name>().ok().map(String::from)
}

/// "1 service", "3 services".
fn services(count: i64) -> String {
    if count == 1 { "1 service".to_owned() } else { format!("{count} services") }
}
