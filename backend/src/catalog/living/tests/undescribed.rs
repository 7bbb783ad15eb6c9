//! Repositories that nothing comes from: who is proposed, and what becomes of them.

use super::*;
use crate::catalog::Reason;

const USER: &str = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: wm}\nspec: {profile: {email: \
                    Waymark@noreply.invalid}, memberOf: [night]}\n";

/// Of the rig's organisations alone: other tests have repositories at the same host.
async fn found(rig: &Rig, viewer: &Viewer) -> Vec<Undescribed> {
    let all = undescribed(viewer, &rig.db).await.unwrap();
    let mut ours: Vec<Undescribed> = all.into_iter().filter(|one| one.repository.starts_with(&rig.team)).collect();
    ours.sort_by_key(|one| one.repository.rsplit('/').next().map(str::to_owned));
    ours
}

async fn until(rig: &Rig, viewer: &Viewer, names: &[&str]) -> Vec<Undescribed> {
    eventually("the repositories are listed", || async {
        let found = found(rig, viewer).await;
        let read: Vec<&str> = found.iter().filter_map(|one| one.repository.rsplit('/').next()).collect();
        if read == names && found.iter().all(|one| one.proposal.is_some()) {
            Ok(found)
        } else {
            Err(format!("{found:?}"))
        }
    })
    .await
}

fn proposed(found: &Undescribed) -> (String, Reason) {
    let proposal = found.proposal.clone().unwrap();
    (proposal.owner.to_string(), proposal.reason)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whose_a_repository_might_be_is_told_by_its_files_its_place_or_its_commits(pool: PgPool) {
    let rig = Rig::start(pool).await;
    testing::team(&rig.db, "search").await.unwrap();
    testing::team(&rig.db, "night").await.unwrap();
    let files = catalog::Collected::of(vec![catalog::FileText::new(FILE, USER)]);
    catalog::import(&rig.db, &crate::audit::Actor::System("test"), "file:users", &files).await.unwrap();
    let elsewhere: Handle = format!("{}-x", rig.team).parse().unwrap();
    rig.git
        .ensure_organisation(&Organisation { name: elsewhere.clone(), visibility: Visibility::Internal })
        .await
        .unwrap();
    rig.repository("named", Visibility::Internal, &[("CODEOWNERS", "* @acme/search\n")]).await;
    rig.repository("placed", Visibility::Internal, &[("README.md", "# Placed\n")]).await;
    rig.repository("told", Visibility::Internal, &[(FILE, &component("told", &rig.team))]).await;
    rig.repository_of(&elsewhere, "written", Visibility::Internal, &[("README.md", "# Written\n")]).await;
    let described = rig
        .repository(
            "kept",
            Visibility::Internal,
            &[("CODEOWNERS", "* @acme/search\n"), (FILE, &component("kept", "gone"))],
        )
        .await;
    rig.imported(&described).await;
    eventually("who looks after what a file describes is told", || async {
        let found = catalog::unowned(&rig.member, &rig.db).await.unwrap();
        let proposal = found.iter().find(|one| one.reference.name() == "kept").and_then(|one| one.proposal.clone());
        match proposal {
            Some(of) if (of.owner.name(), of.reason) == ("search", Reason::CodeOwners) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;
    let all = until(&rig, &rig.member, &["named", "placed", "told", "written"]).await;
    let ours = format!("group:default/{}", rig.team);
    let told: Vec<_> = all.iter().map(proposed).collect();
    let expected = [
        ("group:default/search".to_owned(), Reason::CodeOwners),
        (ours.clone(), Reason::Repository),
        (ours, Reason::Repository),
        ("group:default/night".to_owned(), Reason::History),
    ];
    assert_eq!(told, expected, "{all:?}");
    assert_eq!(all.iter().map(|one| one.file.is_some()).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(all.iter().map(|one| one.may_adopt).collect::<Vec<_>>(), [false, true, true, false]);
    let others: EntityRef = "group:default/search".parse().unwrap();
    let taken = adopt_repository(&rig.member, &rig.db, &format!("{}/named", rig.team), &others).await;
    assert!(matches!(taken, Err(Error::NotFound)), "it is proposed to another team: {taken:?}");
    let outsider = testing::signed_in(&rig.db, "outsider", &[]).await.unwrap();
    assert_eq!(found(&rig, &outsider).await, []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_repository_is_adopted_once_and_described_by_its_file_from_then_on(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let mut repository = rig.repository("till", Visibility::Private, &[("README.md", "# Till\n")]).await;
    let neighbour = testing::member(&rig.db, "neighbour", "search").await.unwrap();
    until(&rig, &rig.member, &["till"]).await;
    assert_eq!(found(&rig, &neighbour).await, [], "nobody else may read it");
    let (name, ours) = (repository.name.to_string(), format!("group:default/{}", rig.team));
    let owner: EntityRef = ours.parse().unwrap();
    for (viewer, repository) in [(&neighbour, name.as_str()), (&rig.member, "nobody/nothing"), (&rig.member, "a\0/b")] {
        let refused = adopt_repository(viewer, &rig.db, repository, &owner).await;
        assert!(matches!(refused, Err(Error::NotFound)), "{repository}: {refused:?}");
    }
    let other = adopt_repository(&rig.member, &rig.db, &name, &"group:default/search".parse().unwrap()).await;
    assert!(matches!(other, Err(Error::Conflict { code: "proposal_moved", .. })), "{other:?}");
    let adopted = adopt_repository(&rig.member, &rig.db, &name, &owner).await.unwrap();
    let again = adopt_repository(&rig.member, &rig.db, &name, &owner).await.unwrap();
    assert_eq!((adopted.to_string().as_str(), &again), ("component:default/till", &adopted));
    assert_eq!(testing::audited(&rig.db, "component:default/till").await.unwrap().len(), 1);
    let others = adopt_repository(&neighbour, &rig.db, &name, &owner).await;
    assert!(matches!(others, Err(Error::NotFound)), "nobody else learns what became of it: {others:?}");
    assert_eq!(found(&rig, &rig.member).await, [], "it stands in the catalog");
    let before = rig.entity("component:default/till").await.unwrap();
    assert_eq!(before.owner.as_deref(), Some(ours.as_str()));

    rig.push(&mut repository, &[], &[(FILE, &component("till", "search"))]).await;
    rig.imported(&repository).await;
    let kept = rig.entity("component:default/till").await.unwrap();
    assert_eq!(
        (&kept.owner, &kept.origin.name),
        (&before.owner, &before.origin.name),
        "a file gives it to nobody else"
    );
    rig.push(&mut repository, &[], &[(FILE, &component("till", &rig.team))]).await;
    eventually("its file describes it", || async {
        let found = rig.entity("component:default/till").await.unwrap();
        let is_there = found.origin.name.starts_with("url:") && found.id == before.id;
        if is_there { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await;
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_what_lies_at_this_host_and_is_there_describes_a_repository(pool: PgPool) {
    let rig = Rig::start(pool).await;
    let name = rig.repository("till", Visibility::Private, &[("README.md", "# Till\n")]).await.name;
    until(&rig, &rig.member, &["till"]).await;
    let root = rig.settings.url.as_str().trim_end_matches('/').to_owned();
    let describe = async |address: &str| {
        let located = component("elsewhere", &rig.team).replace(
            "{name: elsewhere}",
            &format!("{{name: elsewhere, annotations: {{backstage.io/source-location: 'url:{address}'}}}}"),
        );
        let files = catalog::Collected::of(vec![catalog::FileText::new(FILE, located)]);
        let imported = catalog::import(&rig.db, &crate::audit::Actor::System("test"), "file:elsewhere", &files).await;
        assert_eq!(imported.unwrap().errors, [], "{address}");
        found(&rig, &rig.member).await.len()
    };
    for (address, count) in [
        (format!("https://github.example/{name}/"), 1),
        (format!("{root}/sub/{name}/"), 1),
        (format!("{root}/{name}-more/"), 1),
        (format!("{root}/{name}/"), 0),
        (format!("{root}/{}.git", name.to_string().to_uppercase()), 0),
        (format!("{root}/{name}/src/branch/main/"), 0),
        (format!("{root}/{name}#top"), 0),
    ] {
        assert_eq!(describe(&address).await, count, "{address}");
    }
    assert_eq!(describe("https://github.example/a/b/").await, 1);

    let (name, owner) = (name.to_string(), format!("group:default/{}", rig.team).parse().unwrap());
    let adopted = adopt_repository(&rig.member, &rig.db, &name, &owner).await.unwrap();
    let before = rig.entity(&adopted.to_string()).await.unwrap().id;
    assert_eq!(found(&rig, &rig.member).await, []);
    catalog::remove(&rig.member, &rig.db, &adopted).await.unwrap();
    assert_eq!(found(&rig, &rig.member).await.len(), 1, "nothing stands for it any more");
    assert_eq!(adopt_repository(&rig.member, &rig.db, &name, &owner).await.unwrap(), adopted);
    assert_eq!(rig.entity(&adopted.to_string()).await.unwrap().id, before, "it was put back");
}
