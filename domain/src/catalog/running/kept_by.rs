//! Who keeps a workload as it is, where its marks say so.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Manager {
    Flux,
    ArgoCd,
    Helm,
}

impl Manager {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Flux => "flux",
            Self::ArgoCd => "argo_cd",
            Self::Helm => "helm",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Flux, Self::ArgoCd, Self::Helm].into_iter().find(|manager| manager.word() == word)
    }

    /// Its own name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Flux => "Flux",
            Self::ArgoCd => "Argo CD",
            Self::Helm => "Helm",
        }
    }
}

/// The engine, and what it calls what the workload is part of: a Kustomization, an application, a release.
pub(super) fn manager(metadata: &Value) -> Option<(Manager, String)> {
    let (labels, annotations) = (&metadata["labels"], &metadata["annotations"]);
    let text = |of: &Value, key: &str| of[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    let by = |word: &str| text(labels, "app.kubernetes.io/managed-by").is_some_and(|by| by.eq_ignore_ascii_case(word));
    let flux = |of: &str| {
        let name = text(labels, &format!("{of}/name"))?;
        let namespace = text(labels, &format!("{of}/namespace"));
        Some((Manager::Flux, namespace.map_or(name.clone(), |namespace| format!("{namespace}/{name}"))))
    };
    let tracked = || text(annotations, "argocd.argoproj.io/tracking-id")?.split(':').next().map(str::to_owned);
    let instance = || text(labels, "app.kubernetes.io/instance").filter(|_| by("argocd") || by("argo-cd"));
    let argo = || tracked().or_else(|| text(labels, "argocd.argoproj.io/instance")).or_else(instance);
    let helm = || text(annotations, "meta.helm.sh/release-name").filter(|_| by("Helm"));
    flux("kustomize.toolkit.fluxcd.io")
        .or_else(|| flux("helm.toolkit.fluxcd.io"))
        .or_else(|| Some((Manager::ArgoCd, argo()?)))
        .or_else(|| Some((Manager::Helm, helm()?)))
}
