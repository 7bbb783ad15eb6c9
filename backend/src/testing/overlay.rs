//! A service that runs, as small as it can be.

use domain::scaffold::PlannedFile;

/// What it starts on.
pub const OVERLAY_IMAGE: &str =
    "registry.example/starter@sha256:5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c";

/// A base and the overlay of one environment, which keeps the fences of its namespace.
#[expect(clippy::unwrap_used, reason = "the paths are written here and parse")]
pub fn overlay(service: &str, namespace: &str, environment: &str) -> Vec<PlannedFile> {
    let (name, digest) = OVERLAY_IMAGE.split_once('@').unwrap_or_default();
    let file = |path: &str, content: String| PlannedFile { path: path.parse().unwrap(), content, executable: false };
    vec![
        file("deploy/base/deployment.yaml", deployment(service)),
        file(
            "deploy/base/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - deployment.yaml\n"
                .into(),
        ),
        file(
            &format!("deploy/overlays/{environment}/kustomization.yaml"),
            format!(
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: {namespace}\nresources:\n  \
                 - ../../base\nimages:\n  # Written by a build.\n  - name: {service}\n    newName: {name}\n    digest: {digest}\n"
            ),
        ),
    ]
}

fn deployment(service: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {service}
spec:
  replicas: 1
  selector:
    matchLabels: {{app: {service}}}
  template:
    metadata:
      labels: {{app: {service}}}
    spec:
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 65532
        seccompProfile: {{type: RuntimeDefault}}
      containers:
        - name: {service}
          image: {service}
          resources:
            requests: {{cpu: 10m, memory: 16Mi}}
            limits: {{memory: 32Mi}}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {{drop: [ALL]}}
"
    )
}
