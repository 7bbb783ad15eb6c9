//! A change up to where people agreed to it.

use domain::delivery::ChangeState;
use uuid::Uuid;

use super::{Rig, TEAM, member};
use crate::{
    delivery::{ChangeRequest, ChangeView, approve, confirm, find_change, request},
    testing::rig::eventually,
};

impl Rig {
    /// Asked for by a developer and worked out.
    pub(in crate::delivery::tests) async fn ready(&self, wanted: &ChangeRequest) -> ChangeView {
        let developer = self.person("developer", &[TEAM]).await;
        let change = request(&developer, &self.db, wanted).await.unwrap();
        self.until_state(change, ChangeState::Ready).await
    }

    /// Confirmed by the developer who asked, and approved by a lead.
    pub(in crate::delivery::tests) async fn agreed(&self, change: Uuid) {
        let developer = self.person("developer", &[TEAM]).await;
        let lead = self.person("lead", &[TEAM, "deliverers-leads"]).await;
        confirm(&developer, &self.db, change).await.unwrap();
        approve(&lead, &self.db, change).await.unwrap();
    }

    pub(in crate::delivery::tests) async fn approved(&self, change: Uuid) -> ChangeView {
        self.agreed(change).await;
        self.until_state(change, ChangeState::Synced).await
    }

    pub(in crate::delivery::tests) async fn until_state(&self, change: Uuid, state: ChangeState) -> ChangeView {
        eventually(state.as_str(), || async {
            let view = find_change(&member(), &self.db, change).await.unwrap();
            if view.state == state { Ok(view) } else { Err(format!("{view:?}")) }
        })
        .await
    }
}
