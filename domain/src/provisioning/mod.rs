//! Namespaces: what should stand in a cluster, what it takes to make it so, and how to tell what somebody changed.
//!
//! Kubernetes objects are JSON here; everything is a function of its arguments.

mod accelerator;
mod assess;
mod attribution;
mod backoff;
mod capabilities;
mod compare;
mod condition;
mod drift;
mod enforcement;
mod identity;
mod intent;
mod lease_form;
mod lease_policy;
mod name;
mod object;
mod plan;
mod quantity;
mod render;
mod right;
mod severity;
mod view;

pub use accelerator::{GrantError, MAX_CARDS, check_grants, is_accelerator, unenforced_key};
pub use assess::{Blocked, Failure, Observation, assess, blocked, unreachable};
pub use attribution::{Manager, last_manager, manager_of};
pub use backoff::{MAX_BACKOFF, backoff};
pub use capabilities::{ClusterCapabilities, DnsEndpoint};
pub use compare::{Difference, differences};
pub use condition::{Condition, ConditionStatus, ConditionType, Verdict, aged, settle};
pub use drift::{Drift, DriftClass, drifts, foreign_objects};
pub use enforcement::{Enforcement, enforcement, over_quota, quota_lines};
pub use identity::{
    FIELD_MANAGER, INSTANCE_LABEL, NAMESPACE_ID_LABEL, REVISION_ANNOTATION, SPEC_HASH_ANNOTATION, Standing, standing,
};
pub use intent::{NamespaceIntent, Size};
pub use lease_form::{LeaseAnswers, LeaseForm, MAX_REASON, check_lease};
pub use lease_policy::{LeaseAsk, LeaseFacts, LeaseOutcome, LeaseRule, LeaseVerdict, is_granted_at_once, lease_policy};
pub use name::{NamespaceName, NamespaceNameError};
pub use object::{Desired, Live, ObjectKey, ObjectKind};
pub use plan::{Action, Phase, Step, plan};
pub use quantity::{Quantity, same_quantity};
pub use render::render;
pub use right::{Right, RoleRule, rights_of, rules_for};
pub use severity::Severity;
pub use view::{DriftLine, NamespaceView, QuotaLine};
