use std::os::unix::fs::symlink;

use super::{HEAD, document, findings, folder, shipped, waymark};

#[test]
fn both_shipped_paths_are_fine() {
    for name in ["web-service", "gpu-inference"] {
        assert_eq!(findings(&shipped(name)), Vec::<String>::new(), "{name}");
        let (code, out) = waymark(&["lint", shipped(name).to_str().unwrap()]);
        assert_eq!((code, out.as_str()), (0, "The path is fine.\n"));
    }
}

#[test]
fn a_folder_without_a_document_and_a_folder_that_is_not_there() {
    assert_eq!(findings(folder(&[("a", "")]).path()), ["template.yaml:1:1: document"]);
    assert_eq!(waymark(&["lint", "/nonexistent"]).0, 2);
    assert_eq!(waymark(&["lint"]).0, 2);
}

#[test]
fn faults_of_the_document_stand_at_their_place() {
    for (text, expected) in [
        ("a: [1,\n", &["template.yaml:1:4: yaml-syntax"][..]),
        ("a: 1\na: 2\n", &["template.yaml:2:1: yaml-syntax"]),
        (
            "kind: Templat\n",
            &[
                "template.yaml:1:1: document",
                "template.yaml:1:1: document",
                "template.yaml:1:1: document",
                "template.yaml:1:7: document",
            ],
        ),
        (
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: a}\nspec:\n  type: 3\n  steps:\n    - {id: a, action: 1, wen: x}\n",
            &["template.yaml:5:9: document", "template.yaml:7:23: document", "template.yaml:7:26: document"],
        ),
    ] {
        let folder = folder(&[("template.yaml", text)]);
        assert_eq!(findings(folder.path()), expected, "{text}");
    }
}

#[test]
fn titles_versions_secrets_and_schemas() {
    let text = r#"apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata:
  name: demo
spec:
  type: service
  parameters:
    properties:
      apiToken: {title: T, description: D., type: string, default: hunter2}
      count: {title: C, type: integer, minimum: 3, default: 2}
      unused: {title: U, description: D., type: string}
  steps:
    - action: acme:do
      input: {a: "${{ parameters.apiToken }}", b: "${{ parameters.count }}"}
    - action: publish:gitea
"#;
    assert_eq!(
        findings(folder(&[("template.yaml", text)]).path()),
        [
            "template.yaml:4:3: missing-description",
            "template.yaml:4:3: missing-title",
            "template.yaml:4:3: version",
            "template.yaml:9:68: secret-default",
            "template.yaml:10:7: missing-description",
            "template.yaml:10:7: parameter-default",
            "template.yaml:11:7: unused-parameter",
            "template.yaml:13:15: unknown-action",
            "template.yaml:15:7: missing-input",
        ]
    );
    let broken = format!("{HEAD}        x: {{title: X, description: X., type: nosuch}}\n  steps: []\n");
    assert!(
        findings(folder(&[("template.yaml", &broken)]).path()).contains(&"template.yaml:13:7: parameter-schema".into())
    );
}

#[test]
fn names_in_expressions_are_followed() {
    let steps = r#"          block: |
            line
              ${{ parameters.nosuch }}
          quoted: "x ${{ parameters.neither | nofilter }}"
          later: ${{ steps.publish.output.remoteUrl }}
    - id: publish
      action: publish:gitea
      if: ${{ steps.fetch.output.x and values.name }}
      input: {repoUrl: "h?owner=a&repo=b"}
  output:
    links:
      - url: ${{ steps.publish.output.remoteUrl }}${{ steps.gone.output.x }}
"#;
    let skeleton =
        "${{ values.name }}\n${{ values.block }} ${{ values.nosuch }}\n{% if parameters.name %}{% endif %}\n";
    let folder = folder(&[("template.yaml", &document(steps)), ("skeleton/a.txt", skeleton)]);
    assert_eq!(
        findings(folder.path()),
        [
            "skeleton/a.txt:2:25: undeclared-value",
            "skeleton/a.txt:3:7: unknown-name",
            "template.yaml:26:19: undeclared-parameter",
            "template.yaml:27:26: undeclared-parameter",
            "template.yaml:27:47: unknown-filter",
            "template.yaml:28:22: unknown-step",
            "template.yaml:31:40: unknown-name",
            "template.yaml:35:55: unknown-step",
        ]
    );
}

#[test]
fn files_are_compiled_at_their_places() {
    let folder = folder(&[
        ("template.yaml", &document("        copyWithoutTemplating: [raw/*]\n")),
        ("skeleton/ok.txt", "${{ values.name }} {{ .Values.x }}\n"),
        ("skeleton/raw/${{ x.txt", "${{ broken"),
        ("skeleton/bad.txt", "one\n  ${{ values. }}\n"),
        ("skeleton/deep/unclosed.md", "a\nb {% if values.name %}\nc\n"),
        ("skeleton/filter.txt", "${{ values.name | slugify }}"),
    ]);
    assert_eq!(
        findings(folder.path()),
        [
            "skeleton/bad.txt:2:15: template-syntax",
            "skeleton/deep/unclosed.md:1:1: template-syntax",
            "skeleton/filter.txt:1:19: unknown-filter",
            "skeleton/raw/${{ x.txt:1:1: template-syntax",
        ]
    );
}

#[test]
fn names_that_leave_the_tree_or_meet_are_found() {
    let folder = folder(&[
        ("template.yaml", &document("")),
        ("skeleton/Readme.md", ""),
        ("skeleton/README.md", ""),
        ("skeleton/.gitmodules", ""),
        ("skeleton/sub/aux.txt", ""),
    ]);
    symlink("/etc/passwd", folder.path().join("skeleton/link")).unwrap();
    assert_eq!(
        findings(folder.path()),
        [
            "skeleton/.gitmodules:1:1: target-path",
            "skeleton/Readme.md:1:1: same-path",
            "skeleton/link:1:1: source-file",
            "skeleton/sub/aux.txt:1:1: target-path",
        ]
    );
    for url in ["../elsewhere", "https://git.example.com/x", "/etc", "./nosuch"] {
        let text = document("").replace("./skeleton", url);
        let folder = super::folder(&[("template.yaml", &text), ("skeleton/a", "")]);
        assert_eq!(findings(folder.path()), ["template.yaml:21:14: fetch-url"], "{url}");
    }
}

#[test]
fn findings_are_lines_for_people() {
    let folder = folder(&[("template.yaml", &document("")), ("skeleton/a", "${{ 1 + }}")]);
    let (code, out) = waymark(&["lint", folder.path().to_str().unwrap()]);
    assert_eq!(code, 1);
    let start = format!("{}/skeleton/a:1:9: template-syntax: This is no template: ", folder.path().display());
    assert!(out.starts_with(&start) && out.ends_with(".\n") && out.lines().count() == 1, "{out}");
}
