//! The Git host tells of pushes by a webhook in the repository of a source. It is made once something was read there, and
//! again when it is gone.

use super::{look::Look, queue::Sources};
use crate::{Error, git_host::Webhook, keyed_queue::Stop};

/// Without a webhook pushes are found by looking. A host that is away and one that refuses are not told apart here.
const NOT_MADE: &str = "The Git host could not be asked to tell of pushes, and is asked again within the hour. If this \
                        stays, give the platform's account the right to administer the repository, or live with the delay.";

impl Look<'_, Sources> {
    /// What a golden path made has one already, and is looked after with its delivery.
    pub(super) async fn ensure_webhook(&self, webhook: &Webhook) -> Result<(), Stop> {
        let print = webhook.print();
        let due = sqlx::query_scalar!(
            r#"select repository as "repository!" from catalog_source
               where source_id = $1 and kind = 'git' and trouble is null
                 and (webhook_print is distinct from $2 and webhook_trouble is null
                      or coalesce(webhook_asked_at < now() - interval '1 hour', true))"#,
            self.claim.key,
            &print,
        )
        .fetch_optional(&self.db.pool)
        .await
        .map_err(Error::from)?;
        let Some(repository) = due.and_then(|repository| repository.parse().ok()) else { return Ok(()) };
        let (print, trouble) = match self.git_host.ensure_webhook(&repository, webhook).await {
            Ok(()) => (Some(print), None),
            Err(error) => {
                tracing::warn!(%repository, %error, "the webhook could not be made");
                (None, Some(NOT_MADE))
            }
        };
        let mut tx = self.fenced().await?;
        sqlx::query!(
            "update catalog_source set webhook_print = $2, webhook_trouble = $3, webhook_asked_at = now()
             where source_id = $1",
            self.claim.key,
            print.as_ref().map(<[u8; 32]>::as_slice),
            trouble,
        )
        .execute(&mut *tx)
        .await
        .map_err(Error::from)?;
        tx.commit().await.map_err(Error::from)?;
        Ok(())
    }
}
