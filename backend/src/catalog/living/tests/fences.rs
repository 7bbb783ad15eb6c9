//! A worker that lost its lease writes nothing.

use super::{
    super::{
        address::Host,
        look::Look,
        queue::{Imports, Sources},
        worker::Reader,
    },
    *,
};
use crate::keyed_queue::{Claim, Keys, Stop};

async fn claimed<K: Keys>(db: &Db, keys: &K) -> Claim {
    keys.claim(db, "first", 1).await.unwrap().remove(0)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_another_worker_has_is_left_alone(pool: PgPool) {
    let rig = Rig::without_workers(pool).await;
    super::super::list_repositories::declare_host(&rig.db, rig.settings.url.as_str()).await.unwrap();
    let host = Host::new(rig.settings.url.as_str()).unwrap();
    let reader = Reader { db: rig.db.clone(), git_host: rig.git.clone(), host };
    let repository = rig.repository("ledger", Visibility::Private, &[(FILE, &component("ledger", &rig.team))]).await;
    let import = request_import(&rig.member, &rig.db, &rig.address(&repository)).await.unwrap();
    let look = |claim| Look::<Imports>::new(&reader, claim);
    let claim = claimed(&rig.db, &Imports { is_waiting: true }).await;
    let stale = Claim { epoch: claim.epoch - 1, ..claim.clone() };
    assert!(matches!(look(&stale).run().await, Err(Stop::LeaseLost)));
    assert_eq!(find_import(&rig.member, &rig.db, import).await.unwrap().state, ImportState::Reading);
    look(&claim).run().await.unwrap();
    let view = find_import(&rig.member, &rig.db, import).await.unwrap();
    let source = accept(&rig.member, &rig.db, import, &view.hash.unwrap()).await.unwrap();

    sqlx::query("update catalog_source set etag = null, commit_id = null").execute(&rig.db.pool).await.unwrap();
    let claim = claimed(&rig.db, &Sources { is_living: true }).await;
    let stale = Claim { epoch: claim.epoch - 1, ..claim.clone() };
    let look = |claim| Look::<Sources>::new(&reader, claim);
    assert!(matches!(look(&stale).run().await, Err(Stop::LeaseLost)));
    assert!(matches!(look(&stale).too_slow().await, Err(Stop::LeaseLost)));
    let untouched = find_source(&rig.member, &rig.db, source).await.unwrap().source;
    assert_eq!((untouched.commit, untouched.trouble), (None, None));
    look(&claim).run().await.unwrap();
    let read = find_source(&rig.member, &rig.db, source).await.unwrap().source;
    assert_eq!(read.commit.as_deref(), Some(repository.head.as_str()));
}
