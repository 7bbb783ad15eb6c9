//! `waymark catalog export`.

use std::io::{self, Write};

use backend::catalog;
use domain::catalog::{EntityRef, descriptor::write};

use crate::commands::{Failure, database};

/// Prints what there is, piece by piece.
pub(super) async fn export(owner: Option<&EntityRef>) -> Result<(), Failure> {
    let db = database(1)?;
    let mut after = String::new();
    loop {
        let some = catalog::export(&db, owner, &after).await?;
        let Some((last, _)) = some.last() else { return Ok(()) };
        let between = if after.is_empty() { "" } else { "---\n" };
        let text = write(some.iter().map(|(_, document)| document));
        // Whoever reads less than all of it wants no more.
        if io::stdout().lock().write_all(format!("{between}{text}").as_bytes()).is_err() {
            return Ok(());
        }
        after.clone_from(last);
    }
}
