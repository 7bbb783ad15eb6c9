//! What our own identity may do, by the API server's word.

use domain::provisioning::Right;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use super::{Cluster, Failure, call::Op};

/// Questions under way at once; each is answered from memory.
const AT_ONCE: usize = 8;
const REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

impl Cluster {
    /// Those of the rights that we do not have everywhere in the cluster, in their order.
    pub(crate) async fn lacks(&self, rights: &[Right]) -> Result<Vec<Right>, Failure> {
        let asked = stream::iter(rights.to_vec()).map(|right| async move {
            let may = self.may_i(&right).await?;
            Ok::<_, Failure>((!may).then_some(right))
        });
        let lacking: Vec<Option<Right>> = asked.buffered(AT_ONCE).try_collect().await?;
        Ok(lacking.into_iter().flatten().collect())
    }

    async fn may_i(&self, right: &Right) -> Result<bool, Failure> {
        let (resource, subresource) = right.resource.split_once('/').unwrap_or((&right.resource, ""));
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": { "resourceAttributes": {
                "verb": right.verb,
                "group": right.group,
                "resource": resource,
                "subresource": subresource,
                "name": right.name.as_deref().unwrap_or_default(),
            } },
        });
        let answer = self.call(REVIEWS, Op::Ask(&review)).await?;
        Ok(answer["status"]["allowed"].as_bool().unwrap_or_default())
    }
}
