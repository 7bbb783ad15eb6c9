//! The credential in the kubeconfig is replaced while the worker runs.

use std::{path::Path, pin::pin, time::Duration};

use futures::StreamExt;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    cluster::{FailureClass, Kubeconfig, connect},
    testing::rig::{CLUSTER, stack},
};

fn write(path: &Path, change: impl Fn(&mut Value)) {
    let text = std::fs::read_to_string(stack("/kubeconfigs/waymark")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    change(&mut document["users"][0]["user"]);
    std::fs::write(path, document.to_string()).unwrap();
}

#[tokio::test]
async fn a_new_credential_is_taken_up_by_calls_and_by_watches() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kubeconfig");
    write(&path, |user| user["token"] = "revoked".into());
    let cluster = connect(CLUSTER, &Kubeconfig::File(path.clone())).await.unwrap();
    let mut nodes = pin!(cluster.watch_node_accelerators());
    assert_eq!(cluster.probe().await.unwrap_err().class, FailureClass::Unauthorized);
    assert!(timeout(Duration::from_millis(500), nodes.next()).await.is_err(), "nothing is seen");

    std::fs::write(&path, "half a file: [").unwrap();
    assert_eq!(cluster.probe().await.unwrap_err().class, FailureClass::Unauthorized);
    write(&path, |_| {});
    cluster.probe().await.expect("the file was read again");
    timeout(Duration::from_secs(20), nodes.next()).await.expect("and the watch goes on").unwrap();
}
