//! One file per command.

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod chaos;
pub(crate) mod run;
pub(crate) mod sqlx_prepare;
pub(crate) mod stack;
pub(crate) mod stop;
pub(crate) mod test;
