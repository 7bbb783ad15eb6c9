//! The only places with signals, effects and handlers. Everything they do works without them too, or is not offered.

mod browser;
pub mod copy_button;
mod follow_page;
mod follow_run;
#[cfg(feature = "hydrate")]
mod live;
mod made_names;
pub mod theme_switch;

pub use copy_button::CopyButton;
pub use follow_page::FollowPage;
pub use follow_run::FollowRun;
pub use made_names::MadeNames;
pub use theme_switch::ThemeSwitch;

/// Loads the browser's module when the browser is idle and wakes the islands of the page, children after parents. It is
/// called with the addresses of the script and the module.
///
/// Leptos' own start-up script builds both addresses from one name; ours are hashed one by one.
#[cfg(feature = "ssr")]
pub(crate) const BOOT_SCRIPT: &str = include_str!("boot.js");
