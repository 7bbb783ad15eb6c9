//! What the steps of a path make, as one plan. Nothing outside is asked.

use std::collections::BTreeMap;

use domain::{
    catalog::{
        EntityRef, Name,
        descriptor::{Reading, read as read_descriptors},
    },
    golden_paths::{Action, ActionKind, repository_of},
    provisioning::{NamespaceName, Size},
    scaffold::{
        Plan, PlannedDelivery, PlannedEntity, PlannedFile, PlannedLease, PlannedNamespace, PlannedRepository,
        tree::{FileTree, RelPath},
    },
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use time::OffsetDateTime;

use crate::golden_paths::{PathPlan, PlannedStep, StepFate};

/// Beside the steps, what a plan is made for.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) golden_path: String,
    pub(super) version: String,
    pub(super) owner: EntityRef,
    pub(super) service: Name,
    pub(super) cluster: String,
    /// Whole seconds, UTC.
    pub(super) at: OffsetDateTime,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishInput {
    repo_url: String,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RegisterInput {
    #[serde(default)]
    catalog_info_path: Option<String>,
}

#[derive(Deserialize)]
struct NamespaceInput {
    environments: Vec<String>,
    #[serde(default)]
    size: Option<Size>,
}

#[derive(Deserialize)]
struct LeaseInput {
    environments: Vec<String>,
    resource: String,
    count: u16,
    #[serde(default = "thirty_days")]
    days: u16,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct DeployInput {
    #[serde(default = "main_branch")]
    branch: String,
    /// Folder by environment.
    overlays: BTreeMap<String, String>,
}

fn thirty_days() -> u16 {
    30
}

fn main_branch() -> String {
    "main".to_owned()
}

/// The plan, or a sentence about what is wrong with the path.
pub(super) fn compose(subject: Subject, rendered: PathPlan) -> Result<Plan, String> {
    let mut parts = Parts::of(&subject, &rendered.files);
    for step in rendered.steps.iter().filter(|step| step.fate == StepFate::Runs) {
        parts.take(step)?;
    }
    let Parts { repository, entity, namespaces, leases, delivery, .. } = parts;
    let missing = |what: &str| format!("The path has no step that {what}, so nothing can be made from it.");
    let mut plan = Plan {
        planned_at: subject.at,
        parameters: rendered.parameters,
        repository: repository.ok_or_else(|| missing("publishes a repository"))?,
        entity: entity.ok_or_else(|| missing("registers an entity"))?,
        files: files(&rendered.files)?,
        namespaces,
        reservations: vec![],
        leases,
        delivery,
        golden_path: subject.golden_path,
        version: subject.version,
        owner: subject.owner,
        service: subject.service,
    };
    if plan.repository.description.is_empty() {
        plan.repository.description = format!("Made from the golden path {}", plan.golden_path);
    }
    Ok(plan)
}

struct Parts<'a> {
    subject: &'a Subject,
    files: &'a FileTree,
    repository: Option<PlannedRepository>,
    entity: Option<PlannedEntity>,
    namespaces: Vec<PlannedNamespace>,
    leases: Vec<PlannedLease>,
    delivery: Vec<PlannedDelivery>,
}

impl<'a> Parts<'a> {
    fn of(subject: &'a Subject, files: &'a FileTree) -> Self {
        Self { subject, files, repository: None, entity: None, namespaces: vec![], leases: vec![], delivery: vec![] }
    }

    fn take(&mut self, step: &PlannedStep) -> Result<(), String> {
        match (step.action.as_str(), Action::find(&step.action).map(|action| action.kind)) {
            (_, Some(ActionKind::Publish(_))) => self.publish(step),
            (_, Some(ActionKind::Register)) => self.register(step),
            ("waymark:namespace", _) => self.prepare(step),
            ("waymark:lease", _) => self.lease(step),
            ("waymark:deploy", _) => self.deploy(step),
            (_, Some(_)) => Ok(()),
            (unknown, None) => Err(format!("The step `{}` uses the action `{unknown}`, which nobody knows.", step.id)),
        }
    }

    fn publish(&mut self, step: &PlannedStep) -> Result<(), String> {
        let input: PublishInput = read(step)?;
        let (owner, name) = repository_of(&input.repo_url)
            .ok_or_else(|| format!("The step `{}` names no repository: `{}`.", step.id, input.repo_url))?;
        let team = self.subject.owner.name();
        if owner != team {
            return Err(format!(
                "The step `{}` publishes into {owner}, and the service belongs to {team}: a path may write into its owner's \
                 repositories alone.",
                step.id
            ));
        }
        if self.repository.is_some() {
            return Err(format!("The step `{}` publishes a second repository; one is made for a service.", step.id));
        }
        self.repository = Some(PlannedRepository { owner, name, description: input.description.unwrap_or_default() });
        Ok(())
    }

    fn register(&mut self, step: &PlannedStep) -> Result<(), String> {
        let input: RegisterInput = read(step)?;
        let path = input.catalog_info_path.unwrap_or_else(|| "catalog-info.yaml".to_owned());
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let file = path.parse::<RelPath>().ok().and_then(|path| self.files.get(&path));
        let text = file.and_then(|file| std::str::from_utf8(&file.bytes).ok());
        let text = text.ok_or_else(|| format!("The step `{}` registers {path}, which is not made.", step.id))?;
        let Reading { descriptors, findings, .. } = read_descriptors(text);
        if let Some(fault) = findings.iter().find(|finding| finding.is_error()) {
            let (line, column) = (fault.line, fault.column);
            return Err(format!("{path}:{line}:{column}: the entity cannot be read: {}", fault.message));
        }
        let entity = descriptors.into_iter().next().ok_or_else(|| format!("{path} holds no entity."))?;
        let (reference, document) = (entity.reference, entity.document);
        let owner = document.pointer("/spec/owner").and_then(Value::as_str).unwrap_or_default();
        if owner.rsplit(['/', ':']).next() != Some(self.subject.owner.name()) {
            return Err(format!("{path} says that `{owner}` owns {reference}, which is not who asked."));
        }
        self.entity = Some(PlannedEntity { reference, document });
        Ok(())
    }

    fn prepare(&mut self, step: &PlannedStep) -> Result<(), String> {
        let input: NamespaceInput = read(step)?;
        for environment in input.environments {
            let name = self.namespace(&environment)?;
            let size = input.size.unwrap_or(Size::Small);
            self.namespaces.push(PlannedNamespace { cluster: self.subject.cluster.clone(), name, environment, size });
        }
        Ok(())
    }

    fn lease(&mut self, step: &PlannedStep) -> Result<(), String> {
        let input: LeaseInput = read(step)?;
        for environment in &input.environments {
            self.leases.push(PlannedLease {
                cluster: self.subject.cluster.clone(),
                namespace: self.namespace(environment)?,
                environment: environment.clone(),
                resource: input.resource.clone(),
                count: input.count,
                days: input.days,
                reason: input.reason.clone(),
            });
        }
        Ok(())
    }

    fn deploy(&mut self, step: &PlannedStep) -> Result<(), String> {
        let input: DeployInput = read(step)?;
        for (environment, folder) in input.overlays {
            self.delivery.push(PlannedDelivery {
                cluster: self.subject.cluster.clone(),
                namespace: self.namespace(&environment)?,
                folder: folder.parse().map_err(|e| format!("The step `{}`: {e}", step.id))?,
                branch: input.branch.clone(),
                environment,
            });
        }
        // In the order in which changes travel, not in the alphabet's.
        let order = |environment: &str| self.namespaces.iter().position(|n| n.environment == environment);
        self.delivery.sort_by_key(|delivery| order(&delivery.environment));
        Ok(())
    }

    fn namespace(&self, environment: &str) -> Result<String, String> {
        let (team, service) = (self.subject.owner.name(), self.subject.service.as_str());
        let name = NamespaceName::of(team, service, environment);
        name.map(String::from).map_err(|e| format!("{team}-{service}-{environment}: {e}"))
    }
}

fn read<T: DeserializeOwned>(step: &PlannedStep) -> Result<T, String> {
    serde_json::from_value(step.input.clone())
        .map_err(|error| format!("The step `{}` has an input that cannot be read: {error}.", step.id))
}

fn files(tree: &FileTree) -> Result<Vec<PlannedFile>, String> {
    tree.iter()
        .map(|(path, content)| {
            let text = String::from_utf8(content.bytes.clone())
                .map_err(|_| format!("{} is no text in UTF-8; a plan shows texts alone.", path.as_str()))?;
            Ok(PlannedFile { path: path.clone(), content: text, executable: content.executable })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::scaffold::tree::FileContent;
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    const ENTITY: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: checkout}\nspec: {type: service, lifecycle: production, owner: group:default/payments}\n";

    fn subject() -> Subject {
        Subject {
            golden_path: "web-service".into(),
            version: "1.0.0".into(),
            owner: "group:default/payments".parse().unwrap(),
            service: "checkout".parse().unwrap(),
            cluster: "local".into(),
            at: datetime!(2026-05-01 10:00 UTC),
        }
    }

    fn step(action: &str, input: Value) -> PlannedStep {
        PlannedStep { id: "s".into(), name: "s".into(), action: action.into(), input, fate: StepFate::Runs }
    }

    fn rendered(steps: Vec<PlannedStep>, entity: &str) -> PathPlan {
        let mut files = FileTree::new();
        files.insert("catalog-info.yaml".parse().unwrap(), FileContent::text(entity)).unwrap();
        PathPlan { parameters: json!({}), files, steps, output: json!({}), warnings: vec![] }
    }

    fn publish() -> PlannedStep {
        step("publish:gitea", json!({"repoUrl": "git.example.com?owner=payments&repo=checkout"}))
    }

    fn register() -> PlannedStep {
        step("catalog:register", json!({"catalogInfoPath": "/catalog-info.yaml"}))
    }

    #[test]
    fn every_kind_of_step_finds_its_place() {
        let all = ["dev", "staging", "prod"];
        let overlays = json!({"prod": "deploy/prod", "dev": "deploy/dev", "staging": "deploy/staging"});
        let steps = vec![
            publish(),
            register(),
            step("waymark:namespace", json!({"service": "checkout", "environments": all, "size": "medium"})),
            step("waymark:lease", json!({"environments": ["dev"], "resource": "nvidia.com/gpu", "count": 2})),
            step("waymark:deploy", json!({"branch": "main", "overlays": overlays})),
        ];
        let plan = compose(subject(), rendered(steps, ENTITY)).unwrap();
        assert_eq!((plan.repository.owner.as_str(), plan.repository.name.as_str()), ("payments", "checkout"));
        assert_eq!(plan.entity.reference.to_string(), "component:default/checkout");
        assert_eq!(plan.namespaces.len(), 3);
        assert_eq!(plan.namespaces[2].name, "payments-checkout-prod");
        assert_eq!(plan.namespaces[0].size, Size::Medium);
        assert_eq!((plan.leases.len(), plan.leases[0].days), (1, 30));
        let order: Vec<&str> = plan.delivery.iter().map(|d| d.environment.as_str()).collect();
        assert_eq!(order, all);
        assert_eq!(plan.files.len(), 1);
    }

    #[test]
    fn a_path_writes_for_its_owner_alone() {
        let foreign = step("publish:gitea", json!({"repoUrl": "git.example.com?owner=search&repo=checkout"}));
        assert!(compose(subject(), rendered(vec![foreign, register()], ENTITY)).unwrap_err().contains("search"));
        let theirs = ENTITY.replace("payments", "search");
        assert!(compose(subject(), rendered(vec![publish(), register()], &theirs)).unwrap_err().contains("search"));
    }

    #[test]
    fn what_is_missing_or_unreadable_is_said() {
        for (steps, word) in [
            (vec![register()], "publishes"),
            (vec![publish()], "registers"),
            (vec![publish(), step("catalog:register", json!({"catalogInfoPath": "a.yaml"}))], "a.yaml"),
            (vec![publish(), publish()], "second"),
            (vec![step("acme:do", json!({}))], "acme:do"),
            (vec![step("waymark:namespace", json!({"environments": ["DEV"]}))], "DEV"),
            (vec![step("waymark:lease", json!({"environments": ["dev"], "resource": "a/b", "count": -1}))], "input"),
            (vec![step("waymark:deploy", json!({"overlays": {"dev": "../up"}}))], "`s`"),
        ] {
            let error = compose(subject(), rendered(steps, ENTITY)).unwrap_err();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn skipped_steps_make_nothing() {
        let mut lease = step("waymark:lease", json!({"environments": ["dev"], "resource": "a/b", "count": 1}));
        lease.fate = StepFate::Skipped;
        assert!(compose(subject(), rendered(vec![publish(), register(), lease], ENTITY)).unwrap().leases.is_empty());
    }
}
