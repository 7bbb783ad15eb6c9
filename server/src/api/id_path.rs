//! Ids and names in addresses.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use domain::{
    catalog::{EntityRef, Name},
    error::ErrorKind,
    provisioning::NamespaceName,
};
use uuid::Uuid;

use crate::edge::Problem;

/// The id in an address such as `/runs/{id}`. What cannot be an id is as missing as an id that nobody has.
#[derive(Clone, Copy, Debug)]
pub struct IdPath(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for IdPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<Uuid>::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Problem::of(ErrorKind::NotFound)),
        }
    }
}

/// The name in an address such as `/golden-paths/{name}`. What cannot be a name is as missing as one that nobody has.
#[derive(Clone, Debug)]
pub struct NamePath(pub String);

impl<S: Send + Sync> FromRequestParts<S> for NamePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<Name>::from_request_parts(parts, state).await {
            Ok(Path(name)) => Ok(Self(name.into())),
            Err(_) => Err(Problem::of(ErrorKind::NotFound)),
        }
    }
}

/// Name and id in an address such as `/golden-paths/{name}/plans/{id}`.
#[derive(Clone, Debug)]
pub struct PlanPath(pub String, pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for PlanPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<(Name, Uuid)>::from_request_parts(parts, state).await {
            Ok(Path((name, id))) => Ok(Self(name.into(), id)),
            Err(_) => Err(Problem::of(ErrorKind::NotFound)),
        }
    }
}

/// Kind, namespace and name in an address such as `/catalog/{kind}/{namespace}/{name}/edit`.
#[derive(Clone, Debug)]
pub struct EntityPath(pub EntityRef);

impl<S: Send + Sync> FromRequestParts<S> for EntityPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = Path::<(String, String, String)>::from_request_parts(parts, state).await.ok();
        let reference = found.and_then(|Path((kind, namespace, name))| EntityRef::new(&kind, &namespace, &name).ok());
        reference.map(Self).ok_or_else(|| Problem::of(ErrorKind::NotFound))
    }
}

/// Cluster and namespace in an address such as `/provisioning/{cluster}/{namespace}/ask`.
#[derive(Clone, Debug)]
pub struct NamespacePath(pub String, pub String);

impl<S: Send + Sync> FromRequestParts<S> for NamespacePath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<(Name, NamespaceName)>::from_request_parts(parts, state).await {
            Ok(Path((cluster, namespace))) => Ok(Self(cluster.into(), namespace.into())),
            Err(_) => Err(Problem::of(ErrorKind::NotFound)),
        }
    }
}
