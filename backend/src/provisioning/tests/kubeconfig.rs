//! The kubeconfig that people download, used as kubectl uses it: with the command that brings a credential.

use std::path::Path;

use kube::{
    Client, Config,
    api::ListParams,
    config::{KubeConfigOptions, Kubeconfig as Document},
};
use sqlx::PgPool;

use super::support::{Rig, developer};
use crate::{
    delivery::{self, KubectlLogin},
    testing::rig::{CLUSTER, api, stack},
};

/// The command that the local stack configures.
fn sign_in() -> KubectlLogin {
    let file = Path::new(&stack("/state_dir")).join("cluster/credentials/{login}.json");
    KubectlLogin::of(vec!["cat".into(), file.display().to_string()]).unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_downloaded_kubeconfig_signs_its_reader_in_and_nobody_else(pool: PgPool) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut rig = Rig::start(pool).await;
    let name = rig.ready().await.name.to_string();
    let endpoint = rig.cluster.endpoint();
    sqlx::query("update cluster set api_server = $1, authority = $2")
        .bind(&endpoint.server)
        .bind(&endpoint.authority)
        .execute(&rig.db.pool)
        .await
        .unwrap();
    let as_account = async |login: &str, team: &str| {
        let reader = domain::access::Viewer { login: login.into(), ..developer() };
        let text = delivery::kubeconfig(&reader, &rig.db, Some(&sign_in()), CLUSTER, &name).await.unwrap();
        let document = Document::from_yaml(&text).unwrap();
        let config = Config::from_custom_kubeconfig(document, &KubeConfigOptions::default()).await.unwrap();
        assert_eq!(config.default_namespace, name, "{team}");
        let client = Client::try_from(config).unwrap();
        api(&client, "Pod", &name).list(&ListParams::default()).await
    };
    as_account("developer", "payments").await.expect("members of the team read their pods");
    let refused = as_account("neighbour", "search").await.unwrap_err();
    assert!(refused.to_string().contains("oidc:neighbour"), "the cluster knows who asks: {refused}");
    rig.stop().await;
}
