//! What templates from elsewhere rely on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{folder, plan, read};

fn lenient(parameters: &str, steps: &str) -> String {
    format!(
        "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {{name: old}}\nspec:\n  type: service\n  \
         parameters:\n    properties:\n{parameters}  steps:\n{steps}"
    )
}

#[test]
fn conditional_names_extensions_modes_and_binaries() {
    let document = lenient(
        "      docs: {type: boolean, default: false}\n",
        "    - action: fetch:template\n      input: {url: ., targetPath: ./sub, values: {docs: '${{ parameters.docs }}', n: x}, templateFileExtension: true}\n",
    );
    let template = folder(&[
        ("template.yaml", &document),
        ("{% if values.docs %}docs{% endif %}/a.md", "x"),
        ("${{ values.n }}.sh.njk", "${{ values.n }}"),
        ("plain.txt", "${{ values.n }}\r\n"),
        ("empty", ""),
    ]);
    fs::write(template.path().join("blob.njk"), b"\0${{ values.n }}\xff").unwrap();
    let script = template.path().join("${{ values.n }}.sh.njk");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let (code, text, work) = plan(template.path(), "{}");
    assert_eq!(code, 0, "{text}");
    assert_eq!(read(&work, "sub/x.sh").as_deref(), Some("x"));
    assert_eq!(read(&work, "sub/plain.txt").as_deref(), Some("${{ values.n }}\r\n"));
    assert_eq!(read(&work, "sub/empty").as_deref(), Some(""));
    assert_eq!(read(&work, "sub/docs/a.md").or(read(&work, "sub/a.md")), None);
    assert_eq!(fs::read(work.path().join("out/sub/blob")).unwrap(), b"\0${{ values.n }}\xff");
    assert_eq!(fs::metadata(work.path().join("out/sub/x.sh")).unwrap().permissions().mode() & 0o777, 0o755);
    let (code, _, work) = plan(template.path(), "docs: true\n");
    assert_eq!((code, read(&work, "sub/docs/a.md").as_deref()), (0, Some("x")));
}

#[test]
fn conditions_loops_and_outputs() {
    let document = lenient(
        "      names: {type: array, default: [a, b]}\n      off: {type: string, default: ''}\n",
        r#"    - id: each-one
      each: ${{ parameters.names }}
      if: ${{ each.value != 'b' or always() }}
      action: fetch:template
      input: {url: ./s, targetPath: "${{ each.value }}", values: {i: "${{ each.key }}"}}
    - {id: off, if: "${{ parameters.off }}", action: "acme:unknown", input: {x: "${{ parameters.gone }}"}}
    - {id: failed, if: "${{ failure() }}", action: "acme:unknown"}
    - {id: custom, action: "acme:unknown"}
    - {action: "fs:rename", input: {files: [{from: a, to: c}]}}
    - {action: "fs:delete", input: {files: ["b/*"]}}
    - {action: "fetch:plain", input: {url: s, targetPath: raw}}
    - {action: "catalog:write", input: {entity: {kind: Component, metadata: {name: "${{ parameters.names[0] }}", note: "yes: 1"}}}}
    - {id: reg, action: "catalog:register", input: {catalogInfoPath: /catalog-info.yaml}}
  output:
    links:
      - {title: "${{ steps.reg.output.entityRef }}", if: "${{ parameters.names | length }}"}
      - {title: gone, if: "${{ parameters.off }}"}
"#,
    );
    let template = folder(&[("template.yaml", &document), ("s/f.txt", "${{ values.i }}")]);
    let (code, text, work) = plan(template.path(), "{}");
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("off (skipped") || text.contains("acme:unknown (skipped"), "{text}");
    assert_eq!(text.matches("(skipped").count(), 2, "{text}");
    assert_eq!(text.matches(": unknown-action: The action `acme:unknown` is not known here").count(), 1, "{text}");
    assert_eq!(read(&work, "c/f.txt").as_deref(), Some("0"));
    assert_eq!((read(&work, "a/f.txt"), read(&work, "b/f.txt")), (None, None));
    assert_eq!(read(&work, "raw/f.txt").as_deref(), Some("${{ values.i }}"));
    let entity = read(&work, "catalog-info.yaml").unwrap();
    assert!(entity.contains("name: a") && entity.contains("\"yes: 1\""), "{entity}");
}

#[test]
fn a_later_fetch_replaces_only_when_it_says_so() {
    let steps = |replace: &str| {
        lenient(
            "      x: {type: string}\n",
            &format!(
                "    - {{action: 'fetch:template', input: {{url: one}}}}\n    - {{action: 'fetch:template', input: {{url: two{replace}}}}}\n"
            ),
        )
    };
    for (replace, expected) in [("", "1"), (", replace: true", "2")] {
        let template =
            folder(&[("template.yaml", &steps(replace)), ("one/a", "1"), ("two/a", "2"), ("two/b", "{{ bare }}")]);
        let (code, text, work) = plan(template.path(), "{}");
        assert_eq!((code, read(&work, "a").as_deref()), (0, Some(expected)), "{text}");
        assert_eq!(read(&work, "b").as_deref(), Some("{{ bare }}"));
    }
}
