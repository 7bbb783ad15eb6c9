//! The Git host tells of pushes by a webhook of the repository. The run that makes a repository makes it too; here it is
//! made for repositories that had none, and again when it is gone.

use super::{Pass, Source, Stop, held};
use crate::delivery::record;

/// Without it pushes are found by looking, so that a host that refuses costs no more than a line in the log.
pub(super) async fn ensure(pass: &Pass<'_>, source: &Source) -> Result<(), Stop> {
    let Some(webhook) = pass.webhook else { return Ok(()) };
    let print = webhook.print();
    if !source.is_webhook_due && source.webhook_print.as_deref() == Some(&print) {
        return Ok(());
    }
    pass.guard().await?;
    match pass.git_host.ensure_webhook(&source.repository, webhook).await {
        Ok(()) => held(record::webhook(pass.db, pass.claim, &print).await?),
        Err(error) => {
            tracing::warn!(repository = %source.repository, %error, "the webhook could not be made");
            Ok(())
        }
    }
}
