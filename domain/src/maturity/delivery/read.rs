//! Deployments, changes and incidents out of documents.

use super::{Change, DeliveryLog, Deployment, DeploymentKind, Incident};
use crate::maturity::document::{self, Doc, Fields, Read};

const KINDS: [(&str, DeploymentKind); 5] = [
    ("release", DeploymentKind::Release),
    ("hotfix", DeploymentKind::Hotfix),
    ("rollback", DeploymentKind::Rollback),
    ("config", DeploymentKind::Config),
    ("redeploy", DeploymentKind::Redeploy),
];

/// What collectors call a deployment that went well; everything else went otherwise.
const GOOD: [&str; 3] = ["success", "succeeded", "successful"];

impl DeliveryLog {
    pub(in crate::maturity) fn deployment(doc: &Doc) -> Read<Deployment> {
        let mut fields = Fields::of(doc, "a deployment")?;
        let deployment = Deployment {
            id: fields.required("id", document::name)?,
            service: fields.required("service", document::name)?,
            environment: fields.optional("environment", document::text)?,
            is_production: fields.optional("production", document::flag)?.unwrap_or(false),
            finished_at: fields.optional("finished_at", document::at)?,
            is_success: fields.required("status", document::text).map(|status| GOOD.contains(&status.as_str()))?,
            commit: fields.optional("commit", document::text)?,
            previous_commit: fields.optional("previous_commit", document::text)?,
            digest: fields.optional("digest", document::text)?,
            kind: fields.optional("kind", document::word(&KINDS))?.unwrap_or(DeploymentKind::Release),
            is_rework: fields.optional("rework", document::flag)?.unwrap_or(false),
            rolls_back: fields.optional("rolls_back", document::name)?,
            fixes: fields.optional("fixes", document::name)?,
        };
        fields.end()?;
        Ok(deployment)
    }

    pub(in crate::maturity) fn change(doc: &Doc) -> Read<Change> {
        let mut fields = Fields::of(doc, "a change")?;
        let change = Change {
            service: fields.required("service", document::name)?,
            commit: fields.required("commit", document::name)?,
            committed_at: fields.required("committed_at", document::at)?,
            is_merge: fields.optional("merge", document::flag)?.unwrap_or(false),
            deployment: fields.required("deployment", document::name)?,
        };
        fields.end()?;
        Ok(change)
    }

    pub(in crate::maturity) fn incident(doc: &Doc) -> Read<Incident> {
        let mut fields = Fields::of(doc, "an incident")?;
        fields.raw("severity");
        let cause = fields.optional("cause", document::name)?;
        let incident = Incident {
            id: fields.required("id", document::name)?,
            service: fields.optional("service", document::name)?,
            started_at: fields.required("started_at", document::at)?,
            resolved_at: fields.optional("resolved_at", document::at)?,
            cause: cause.filter(|cause| cause != "not_change" && cause != "undetermined"),
            duplicate_of: fields.optional("duplicate_of", document::name)?,
        };
        fields.end()?;
        Ok(incident)
    }
}
