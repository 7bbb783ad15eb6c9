//! The repository, the webhook by which its host tells of pushes, and the first commit.

use std::iter;

use domain::scaffold::{
    Plan,
    tree::{CommitId, CommitMessage, CommitSpec, CommitTime, Content, FileContent, FileTree, OneLine, Signature},
};
use uuid::Uuid;

use crate::{
    Error, Result,
    git_host::{
        Branch, Creation, GitHost, NewBranch, NewRepository, Organisation, RepositoryName, Visibility, Webhook,
    },
    scaffold::{
        record::Effect,
        worker::{StepContext, StepOutcome},
    },
};

pub(super) async fn create(
    host: &dyn GitHost,
    webhook: Option<&Webhook>,
    context: &StepContext<'_>,
) -> Result<StepOutcome> {
    let name = name(context.plan)?;
    let wanted = NewRepository {
        description: one_line(&context.plan.repository.description)?,
        visibility: Visibility::Private,
        run: context.run,
        name: name.clone(),
    };
    // A team's first service finds no organisation yet. Outside the team not even its name is seen.
    let home = Organisation { name: name.owner.clone(), visibility: Visibility::Private };
    host.ensure_organisation(&home).await?;
    if host.create_repository(&wanted).await? == Creation::Taken {
        return Ok(taken(&name));
    }
    if let Some(webhook) = webhook {
        host.ensure_webhook(&name, webhook).await?;
    }
    Ok(StepOutcome::Done {
        link: Some(host.web_url(&name).to_string()),
        effects: with_webhook(host, webhook, &name).collect(),
    })
}

/// The commit depends on the plan and the run alone, so pushing it a second time finds it there.
pub(super) async fn push(host: &dyn GitHost, context: &StepContext<'_>) -> Result<StepOutcome> {
    let name = name(context.plan)?;
    let commit = first_commit(context.plan, context.run)?;
    let id = match host.push_new_branch(&name, &Branch::main(), &commit).await? {
        NewBranch::Pushed(id) | NewBranch::AlreadyThere(id) => id,
        NewBranch::Taken { .. } => return Ok(taken(&name)),
    };
    // What runs is told by commits of this branch: it can be pushed to, and neither rewritten nor deleted.
    host.protect_branch(&name, &Branch::main()).await?;
    Ok(StepOutcome::Done {
        link: Some(host.web_url(&name).to_string()),
        effects: vec![commit_on_main(host, &name, Some(id))],
    })
}

/// What is on the ledger before it is tried; nothing for a plan whose repository has no name.
pub(super) fn intended_repository(host: &dyn GitHost, webhook: Option<&Webhook>, plan: &Plan) -> Vec<Effect> {
    name(plan).iter().flat_map(|name| with_webhook(host, webhook, name)).collect()
}

pub(super) fn intended_commit(host: &dyn GitHost, plan: &Plan) -> Vec<Effect> {
    name(plan).iter().map(|name| commit_on_main(host, name, None)).collect()
}

fn with_webhook(host: &dyn GitHost, webhook: Option<&Webhook>, name: &RepositoryName) -> impl Iterator<Item = Effect> {
    let of = |kind| Effect {
        kind,
        target: name.to_string(),
        external_id: None,
        url: Some(host.web_url(name).to_string()),
        made_by_this_run: true,
    };
    iter::once(of("repository")).chain(webhook.map(|_| of("webhook")))
}

fn commit_on_main(host: &dyn GitHost, name: &RepositoryName, id: Option<CommitId>) -> Effect {
    Effect {
        kind: "commit",
        target: format!("{name}@main"),
        external_id: id.map(|id| id.to_string()),
        url: Some(host.web_url(name).to_string()),
        made_by_this_run: true,
    }
}

fn taken(name: &RepositoryName) -> StepOutcome {
    StepOutcome::Failed(format!(
        "The repository {name} exists at the Git host and is not this run's. Choose another name, or ask its owner to \
         rename it; nothing in it was touched."
    ))
}

pub(super) fn name(plan: &Plan) -> Result<RepositoryName> {
    format!("{}/{}", plan.repository.owner, plan.repository.name)
        .parse()
        .map_err(|e| Error::internal(format!("the plan's repository: {e}")))
}

fn first_commit(plan: &Plan, run: Uuid) -> Result<CommitSpec> {
    let mut tree = FileTree::new();
    for file in &plan.files {
        let content = FileContent { bytes: file.content.clone().into_bytes(), executable: file.executable };
        tree.insert(file.path.clone(), content).map_err(|e| Error::internal(format!("the plan's files: {e}")))?;
    }
    let subject = one_line(&format!("Create {} from {} {}", plan.service, plan.golden_path, plan.version))?;
    Ok(CommitSpec {
        content: Content::Initial(tree),
        message: CommitMessage { subject, run, co_author: None },
        author: Signature::platform(),
        at: CommitTime::of(plan.planned_at),
    })
}

fn one_line(text: &str) -> Result<OneLine> {
    OneLine::new(text).map_err(|e| Error::internal(format!("the plan's text: {e}")))
}
