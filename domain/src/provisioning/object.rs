//! The kinds of object that make up a namespace.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::SPEC_HASH_ANNOTATION;

/// In the order in which they are written: fences first, access last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    Namespace,
    LimitRange,
    ResourceQuota,
    NetworkPolicy,
    ServiceAccount,
    RoleBinding,
}

/// What an object is known by inside its namespace. Shown as `ResourceQuota/waymark-gpu`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    pub kind: ObjectKind,
    pub name: String,
}

/// One object as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Desired {
    pub key: ObjectKey,
    /// Ready for server-side apply.
    pub body: Value,
}

/// The objects that were found, as the API server returned them.
pub type Live = BTreeMap<ObjectKey, Value>;

impl ObjectKind {
    pub const ALL: [Self; 6] = [
        Self::Namespace,
        Self::LimitRange,
        Self::ResourceQuota,
        Self::NetworkPolicy,
        Self::ServiceAccount,
        Self::RoleBinding,
    ];

    /// Everything that lives inside the namespace.
    pub const CHILDREN: [Self; 5] =
        [Self::LimitRange, Self::ResourceQuota, Self::NetworkPolicy, Self::ServiceAccount, Self::RoleBinding];

    /// Kinds of which an object of somebody else's can open or tighten what ours shut.
    pub const TOLD_WHEN_FOREIGN: [Self; 4] =
        [Self::LimitRange, Self::ResourceQuota, Self::NetworkPolicy, Self::RoleBinding];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Namespace => "Namespace",
            Self::LimitRange => "LimitRange",
            Self::ResourceQuota => "ResourceQuota",
            Self::NetworkPolicy => "NetworkPolicy",
            Self::ServiceAccount => "ServiceAccount",
            Self::RoleBinding => "RoleBinding",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Empty for the core group.
    pub fn group(self) -> &'static str {
        match self {
            Self::NetworkPolicy => "networking.k8s.io",
            Self::RoleBinding => "rbac.authorization.k8s.io",
            _ => "",
        }
    }

    pub fn api_version(self) -> String {
        if self.group().is_empty() { "v1".to_owned() } else { format!("{}/v1", self.group()) }
    }

    /// As in addresses and RBAC rules.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Namespace => "namespaces",
            Self::LimitRange => "limitranges",
            Self::ResourceQuota => "resourcequotas",
            Self::NetworkPolicy => "networkpolicies",
            Self::ServiceAccount => "serviceaccounts",
            Self::RoleBinding => "rolebindings",
        }
    }
}

impl ObjectKey {
    pub fn new(kind: ObjectKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.as_str(), self.name)
    }
}

impl Desired {
    /// The hash that the object carries of itself.
    pub fn hash(&self) -> &str {
        self.body["metadata"]["annotations"][SPEC_HASH_ANNOTATION].as_str().unwrap_or_default()
    }
}
