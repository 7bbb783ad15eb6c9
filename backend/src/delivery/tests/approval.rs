use domain::delivery::ChangeState;
use sqlx::PgPool;
use uuid::Uuid;

use super::super::{ChangeRequest, approve, confirm, deny, find_change, request, withdraw};
use super::support::{Rig, Service, TEAM};
use crate::{
    Error,
    testing::rig::{CLUSTER, eventually},
};

const LEADS: &str = "deliverers-leads";

/// Moves a build from dev to prod, up to the point where somebody has to agree.
async fn ready(rig: &Rig, service: &Service, by: &domain::access::Viewer) -> Uuid {
    let wanted = ChangeRequest::Promote {
        cluster: CLUSTER.into(),
        from: service.namespace("dev"),
        to: service.namespace("prod"),
    };
    let change = request(by, &rig.db, &wanted).await.unwrap();
    eventually("the difference is worked out", || async {
        let view = find_change(by, &rig.db, change).await.unwrap();
        if view.state == ChangeState::Ready { Ok(()) } else { Err(format!("{view:?}")) }
    })
    .await;
    change
}

async fn service(rig: &mut Rig) -> Service {
    let service = rig.service(&["dev", "prod"], |text| text).await;
    let dev = service.overlay("dev");
    let text = rig.read(&service, &dev).await.replace("registry.example/starter", "registry.example/built");
    rig.push(&service, "Build it", &[(&dev, &text)], &[]).await;
    rig.until(&service, "dev", "the build runs", |view| view.is_well() && !view.runs_starter).await;
    service
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn production_waits_for_a_lead_who_is_not_the_one_who_asked(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = service(&mut rig).await;
    let before = rig.head(&service).await;
    let developer = rig.person("developer", &[TEAM]).await;
    let lead = rig.person("lead", &[TEAM, LEADS]).await;
    let platform = rig.person("platform", &["platform", "platform-operators"]).await;
    let neighbour = rig.person("neighbour", &["search", "search-leads"]).await;
    let wanted = ChangeRequest::Promote {
        cluster: CLUSTER.into(),
        from: service.namespace("dev"),
        to: service.namespace("prod"),
    };
    for other in [&neighbour, &platform] {
        let refused = request(other, &rig.db, &wanted).await;
        assert!(matches!(refused, Err(Error::NotFound)), "only the owning team asks for changes: {refused:?}");
    }
    let change = ready(&rig, &service, &developer).await;
    assert!(matches!(approve(&lead, &rig.db, change).await, Err(Error::Conflict { .. })), "nobody has agreed yet");
    assert!(matches!(confirm(&lead, &rig.db, change).await, Err(Error::Forbidden(_))), "it is not the lead's");
    assert_eq!(confirm(&developer, &rig.db, change).await.unwrap(), ChangeState::AwaitingApproval);
    assert!(matches!(approve(&developer, &rig.db, change).await, Err(Error::Forbidden(_))));
    assert!(
        matches!(approve(&platform, &rig.db, change).await, Err(Error::Forbidden(_))),
        "no role stands in for a lead"
    );
    assert!(matches!(deny(&platform, &rig.db, change, "no").await, Err(Error::Forbidden(_))));
    assert!(matches!(approve(&neighbour, &rig.db, change).await, Err(Error::NotFound)), "others do not learn of it");
    assert_eq!(rig.head(&service).await, before, "nothing is pushed while it waits");
    approve(&lead, &rig.db, change).await.unwrap();
    eventually("it is synced", || async {
        let view = find_change(&lead, &rig.db, change).await.unwrap();
        if view.state == ChangeState::Synced && view.decided_by.as_deref() == Some("lead") {
            Ok(())
        } else {
            Err(format!("{view:?}"))
        }
    })
    .await;
    rig.until(&service, "prod", "the build runs", |view| view.is_well() && !view.runs_starter).await;
    let actions: Vec<String> = sqlx::query_scalar("select action from audit_entry where target = $1 order by seq")
        .bind(format!("delivery_change:{change}"))
        .fetch_all(&rig.db.pool)
        .await
        .unwrap();
    assert_eq!(
        actions,
        ["delivery.request", "delivery.confirm", "delivery.approve", "delivery.push", "delivery.synced"]
    );
    rig.stop().await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lead_denies_with_a_reason_and_decides_nothing_of_their_own(pool: PgPool) {
    let mut rig = Rig::start(pool).await;
    let service = service(&mut rig).await;
    let developer = rig.person("developer", &[TEAM]).await;
    let lead = rig.person("lead", &[TEAM, LEADS]).await;
    let own = ready(&rig, &service, &lead).await;
    assert_eq!(confirm(&lead, &rig.db, own).await.unwrap(), ChangeState::AwaitingApproval);
    assert!(matches!(approve(&lead, &rig.db, own).await, Err(Error::Forbidden(_))), "nobody approves their own");
    withdraw(&lead, &rig.db, own).await.unwrap();
    let change = ready(&rig, &service, &developer).await;
    confirm(&developer, &rig.db, change).await.unwrap();
    assert!(matches!(deny(&lead, &rig.db, change, "  ").await, Err(Error::Invalid(_))));
    deny(&lead, &rig.db, change, "Not on a Friday.").await.unwrap();
    let view = find_change(&developer, &rig.db, change).await.unwrap();
    assert_eq!((view.state, view.reason.as_deref()), (ChangeState::Denied, Some("Not on a Friday.")));
    assert!(matches!(approve(&lead, &rig.db, change).await, Err(Error::Conflict { .. })));
    assert!(matches!(withdraw(&developer, &rig.db, change).await, Err(Error::Conflict { .. })));
    rig.stop().await;
}
