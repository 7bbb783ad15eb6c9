//! The objects of a namespace: read, applied, trimmed and replaced.

use domain::provisioning::{Live, ObjectKey, ObjectKind};
use futures::future::try_join_all;
use serde_json::{Value, json};

use super::{Cluster, Failure, FailureClass, call::Op};

impl Cluster {
    /// `None` when there is none.
    pub(crate) async fn find(&self, namespace: &str, key: &ObjectKey) -> Result<Option<Value>, Failure> {
        match self.call(&path(namespace, key.kind), Op::Get(&key.name)).await {
            Ok(object) => Ok(Some(object)),
            Err(failure) if failure.class == FailureClass::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// Everything of these kinds in the namespace, ours or not.
    pub(crate) async fn list_in(&self, namespace: &str, kinds: &[ObjectKind]) -> Result<Live, Failure> {
        let lists = kinds.iter().map(|kind| async move {
            let items = self.list_all(&path(namespace, *kind)).await?;
            Ok::<_, Failure>(items.into_iter().map(|object| {
                let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
                (ObjectKey::new(*kind, name), object)
            }))
        });
        Ok(try_join_all(lists).await?.into_iter().flatten().collect())
    }

    /// Fails with [`FailureClass::Stale`] when the name is taken, so that nobody else's namespace is ever taken over.
    pub(crate) async fn create_namespace(&self, body: &Value) -> Result<Value, Failure> {
        self.call(&path("", ObjectKind::Namespace), Op::Create(body)).await
    }

    /// Server-side apply of the whole object. A known uid goes with it: an object that was deleted or made again
    /// meanwhile is then left alone.
    pub(crate) async fn apply(
        &self,
        namespace: &str,
        key: &ObjectKey,
        body: &Value,
        uid: Option<&str>,
    ) -> Result<Value, Failure> {
        let mut body = body.clone();
        if let Some(uid) = uid {
            body["metadata"]["uid"] = uid.into();
        }
        self.call(&path(namespace, key.kind), Op::Apply(&key.name, &body)).await
    }

    /// Takes the keys out of exactly the version that was read. A merge patch with a resource version does what a JSON
    /// patch with a `test` does, and answers a lost race with 409 where the other gives a bare 422.
    pub(crate) async fn remove_keys(
        &self,
        namespace: &str,
        key: &ObjectKey,
        read: &Value,
        paths: &[Vec<String>],
    ) -> Result<Value, Failure> {
        self.call(&path(namespace, key.kind), Op::Merge(&key.name, &without(read, paths))).await
    }

    /// Deletes that one object and no successor of its name.
    pub(crate) async fn delete(&self, namespace: &str, key: &ObjectKey, uid: &str) -> Result<(), Failure> {
        match self.call(&path(namespace, key.kind), Op::Delete { name: &key.name, uid }).await {
            Err(failure) if failure.class != FailureClass::NotFound => Err(failure),
            _ => Ok(()),
        }
    }

    /// Page by page; a page that is gone by the time it is asked for makes the whole list stale.
    pub(super) async fn list_all(&self, path: &str) -> Result<Vec<Value>, Failure> {
        let (mut items, mut continued) = (Vec::new(), None);
        loop {
            let mut page = self.call(path, Op::List { continued }).await?;
            if let Value::Array(more) = page["items"].take() {
                items.extend(more);
            }
            match page["metadata"]["continue"].as_str().filter(|token| !token.is_empty()) {
                Some(token) => continued = Some(token.to_owned()),
                None => return Ok(items),
            }
        }
    }
}

/// A merge patch that takes the keys out of exactly this version of an object.
pub(super) fn without(read: &Value, paths: &[Vec<String>]) -> Value {
    let mut body = json!({ "metadata": { "resourceVersion": read["metadata"]["resourceVersion"] } });
    for keys in paths {
        let mut place = &mut body;
        for key in keys {
            place = &mut place[key.as_str()];
        }
        *place = Value::Null;
    }
    body
}

fn path(namespace: &str, kind: ObjectKind) -> String {
    let root = if kind.group().is_empty() { "/api/v1".to_owned() } else { format!("/apis/{}", kind.api_version()) };
    match kind {
        ObjectKind::Namespace => format!("{root}/{}", kind.plural()),
        _ => format!("{root}/namespaces/{namespace}/{}", kind.plural()),
    }
}
