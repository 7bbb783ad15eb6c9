//! A service with its namespaces and its repository.

use domain::{
    provisioning::Size,
    scaffold::tree::{CommitId, Content, FileContent, FileTree, OneLine},
};
use sqlx::{PgConnection, Postgres, Transaction};
use uuid::Uuid;

use super::{Rig, TEAM, clone::commit};
use crate::{
    delivery::{Wanted, ensure_declared},
    git_host::{Branch, NewBranch, NewRepository, Organisation, RepositoryName, Visibility},
    provisioning::{self, Declaration},
    testing::{
        self,
        rig::{CLUSTER, eventually},
    },
};

/// A service with a repository and an overlay for each environment.
pub(in crate::delivery::tests) struct Service {
    pub(in crate::delivery::tests) name: String,
    pub(in crate::delivery::tests) repository: RepositoryName,
    pub(in crate::delivery::tests) first: CommitId,
}

impl Service {
    pub(in crate::delivery::tests) fn namespace(&self, environment: &str) -> String {
        format!("{TEAM}-{}-{environment}", self.name)
    }

    pub(in crate::delivery::tests) fn overlay(&self, environment: &str) -> String {
        format!("deploy/overlays/{environment}/kustomization.yaml")
    }
}

impl Rig {
    /// Namespaces, repository and first commit, and the delivery of each environment; `deployment` may change the base.
    pub(in crate::delivery::tests) async fn service(
        &mut self,
        environments: &[&str],
        change: impl Fn(String) -> String,
    ) -> Service {
        let name = format!("d{}", &Uuid::new_v4().simple().to_string()[..8]);
        let repository_name: RepositoryName = format!("{TEAM}/{name}").parse().unwrap();
        let mut files = FileTree::new();
        for environment in environments {
            for file in testing::overlay(&name, &format!("{TEAM}-{name}-{environment}"), environment) {
                let _ = files.insert(file.path, FileContent::text(change(file.content)));
            }
        }
        let organisation = Organisation { name: TEAM.parse().unwrap(), visibility: Visibility::Private };
        // The host answers 500 to one of two tests that make it at the same moment.
        eventually("the organisation is there", || async {
            self.git.ensure_organisation(&organisation).await.map_err(|e| e.to_string())
        })
        .await;
        let run = Uuid::new_v4();
        let repository = NewRepository {
            name: repository_name.clone(),
            description: OneLine::new("Delivered").unwrap(),
            visibility: Visibility::Private,
            run,
        };
        self.git.create_repository(&repository).await.unwrap();
        let first = commit(Content::Initial(files), "Create it", run);
        let NewBranch::Pushed(first) =
            self.git.push_new_branch(&repository_name, &Branch::main(), &first).await.unwrap()
        else {
            panic!("the name is taken")
        };
        let service = Service { name, repository: repository_name, first };
        for environment in environments {
            self.declare(&service, environment).await;
        }
        service
    }

    async fn declare(&mut self, service: &Service, environment: &str) {
        let tx = self.declared(service, environment).await;
        tx.commit().await.unwrap();
    }

    /// As it was declared before there were pins.
    pub(in crate::delivery::tests) async fn declare_unpinned(&mut self, service: &Service, environment: &str) {
        let mut tx = self.declared(service, environment).await;
        unpin(&mut tx).await;
        tx.commit().await.unwrap();
    }

    async fn declared(&mut self, service: &Service, environment: &str) -> Transaction<'static, Postgres> {
        let declaration = Declaration {
            cluster: CLUSTER.into(),
            team: TEAM.into(),
            service: service.name.clone(),
            environment: environment.into(),
            size: Size::Small,
            editors: vec![format!("oidc:{TEAM}")],
            viewers: vec![],
        };
        let mut tx = self.db.pool.begin().await.unwrap();
        provisioning::ensure_declared(&mut tx, &declaration).await.unwrap();
        let wanted = Wanted {
            cluster: CLUSTER.into(),
            namespace: service.namespace(environment),
            repository: service.repository.clone(),
            branch: "main".into(),
            folder: format!("deploy/overlays/{environment}").parse().unwrap(),
            starter_image: Some(testing::OVERLAY_IMAGE.into()),
            first_commit: service.first.clone(),
        };
        assert!(ensure_declared(&mut tx, &wanted).await.unwrap());
        assert!(!ensure_declared(&mut tx, &wanted).await.unwrap(), "the second time it is there");
        self.made.push(service.namespace(environment));
        tx
    }
}

/// Takes all pins away, which the table itself refuses.
pub(in crate::delivery::tests) async fn unpin(connection: &mut PgConnection) {
    for statement in [
        "alter table delivery_pin disable trigger user",
        "delete from delivery_pin",
        "alter table delivery_pin enable trigger user",
    ] {
        sqlx::query(statement).execute(&mut *connection).await.unwrap();
    }
}
