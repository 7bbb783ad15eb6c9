//! Version, kind, metadata and the spec of each kind.

use serde_json::json;

use super::*;

#[test]
fn the_smallest_component_is_fine() {
    let descriptor = entity(MINIMAL);
    assert_eq!(descriptor.reference.to_string(), "component:default/checkout");
    assert_eq!((descriptor.line, descriptor.place), (1, Place { line: 4, column: 9 }));
    assert_eq!(read(MINIMAL).findings, []);
}

#[test]
fn every_rule_of_the_metadata_has_its_place() {
    let long = "a".repeat(64);
    for (lines, rule, line) in [
        ("  namespace: Shop", "namespace", 5),
        ("  title: ''", "title", 5),
        ("  title: 7", "title", 5),
        ("  description:", "description", 5),
        ("  labels: [a]", "labels", 5),
        ("  labels: {a: a b}", "labels", 5),
        ("  labels: {a: true}", "labels", 5),
        ("  labels: {a/b/c: d}", "key", 5),
        ("  annotations:\n    public: true", "annotations", 6),
        ("  annotations:\n    a: null", "annotations", 6),
        ("  annotations:\n    backstage.io/source-location: https://a.example/b", "location", 6),
        ("  annotations:\n    backstage.io/source-location: nowhere", "location", 6),
        ("  annotations:\n    backstage.io/view-url: javascript:alert(1)", "location", 6),
        ("  annotations:\n    waymark.dev/visible-to: payments, user:ann", "visible-to", 6),
        ("  annotations:\n    waymark.dev/visible-to: pay ments/", "visible-to", 6),
        ("  tags: java", "tags", 5),
        ("  tags: [Java]", "tags", 5),
        ("  tags:\n    - a--b", "tags", 6),
        (&format!("  tags: [{long}]"), "tags", 5),
        ("  links: {}", "links", 5),
        ("  links: [https://a.example]", "links", 5),
        ("  links: [{title: a}]", "url", 5),
        ("  links: [{url: /a}]", "links", 5),
        ("  links:\n    - title: a\n      url: javascript:alert(1)", "links", 7),
        ("  links:\n    - url: \"java\\nscript:alert(1)\"", "links", 6),
        ("  links:\n    - url: 'data:text/html,x'", "links", 6),
        ("  links:\n    - url: https://a.example\n      title: ' '", "title", 7),
    ] {
        let found = rules(&with_metadata(lines));
        assert_eq!(found.len(), 1, "{lines}: {found:?}");
        assert_eq!((found[0].0.as_str(), found[0].1), (rule, line), "{lines}");
    }
}

#[test]
fn what_the_metadata_may_hold_is_kept() {
    let text = with_metadata(
        "  namespace: team--a\n  title: Checkout\n  description: \"\"\n  labels: {a.example/tier: \"1\", empty: \"\"}\n  \
         annotations: {public: 'true', count: \"1\", yes: yes}\n  tags: [java, 'env:prod', c++]\n  links:\n    - url: \
         https://a.example\n      icon: dashboard\n      type: x\n      more: [1]\n    - {url: 'slack://channel?id=1'}\n  \
         somethingElse: {deep: [null, 1.5, true]}",
    );
    let document = entity(&text).document;
    assert_eq!(document.pointer("/metadata/annotations/yes"), Some(&json!("yes")));
    assert_eq!(document.pointer("/metadata/somethingElse"), Some(&json!({"deep": [null, 1.5, true]})));
    assert_eq!(document.pointer("/metadata/links/0/more"), Some(&json!([1])));
}

#[test]
fn names_have_63_characters_at_most() {
    let of = |length| MINIMAL.replace("checkout", &"a".repeat(length));
    entity(&of(63));
    assert_eq!(rules(&of(64)), [("name".to_owned(), 4, 9)]);
}

#[test]
fn the_envelope_is_complete() {
    for (text, found) in [
        ("[1]", vec![("not-a-map", 1)]),
        ("a", vec![("not-a-map", 1)]),
        ("kind: Component\nmetadata: {name: a}", vec![("apiVersion", 1)]),
        ("apiVersion: backstage.io/v1alpha1\nmetadata: {name: a}", vec![("kind", 1)]),
        ("apiVersion: acme.example/v1\nkind: Robot", vec![("metadata", 1)]),
        ("apiVersion: acme.example/v1\nkind: Robot\nmetadata: a", vec![("metadata", 3)]),
        ("apiVersion: acme.example/v1\nkind: Robot\nmetadata: {}", vec![("name", 3)]),
        ("apiVersion: acme/v/1\nkind: Ro-bot\nmetadata: {name: a}", vec![("apiVersion", 1), ("kind", 2)]),
        ("apiVersion: acme.example/v1\nkind: Robot\nmetadata: {name: a}\nspec: 1", vec![("spec", 4)]),
        ("apiVersion: acme.example/v1\nkind: Robot\nmetadata: {name: a}\nextra: 1", vec![("foreign-field", 4)]),
    ] {
        let rules: Vec<(String, u32)> = rules(text).into_iter().map(|(rule, line, _)| (rule, line)).collect();
        let found: Vec<(String, u32)> = found.into_iter().map(|(rule, line)| (rule.to_owned(), line)).collect();
        assert_eq!(rules, found, "{text}");
    }
}

#[test]
fn what_only_catalogs_write_is_left_out() {
    let text = with_metadata("  uid: 1234\n  etag: abc") + "relations: []\nstatus: {}\n";
    let reading = read(&text);
    assert!(reading.findings.iter().all(|finding| finding.rule == "output-only" && !finding.is_error()));
    assert_eq!(reading.findings.len(), 4);
    let document = &reading.descriptors[0].document;
    assert_eq!(document.pointer("/metadata"), Some(&json!({"name": "checkout"})));
    assert_eq!(document.get("relations"), None);
}

#[test]
fn every_kind_with_all_that_it_has_to_say() {
    for (kind, spec) in [
        ("Component", " {type: service, lifecycle: x, owner: a}"),
        ("API", " {type: openapi, lifecycle: x, owner: a, definition: 'openapi: 3.1.0'}"),
        ("API", " {type: openapi, lifecycle: x, owner: a, definition: {$text: ./openapi.yaml}}"),
        ("API", " {type: mcp-server, lifecycle: x, owner: a, remotes: [{type: sse, url: 'https://a.example'}]}"),
        ("Resource", " {type: database, owner: a}"),
        ("System", " {owner: a}"),
        ("Domain", " {owner: a, type: area}"),
        ("Group", " {type: team, children: []}"),
        ("Group", " {type: team, children: [], profile: {displayName: A, email: a@b.example, picture: x}}"),
        ("User", " {memberOf: []}"),
        ("Location", " {}"),
        ("Location", " {type: url, targets: [./a.yaml, '*/b.yaml'], presence: optional}"),
        ("Template", " {type: service, owner: a, steps: [{action: x}], more: {a: b}}"),
        ("AiResource", " {type: skill, anything: [1]}"),
        ("Robot", " {}"),
    ] {
        entity(&of_kind(kind, spec));
        entity(&of_kind(kind, spec).replace("v1alpha1", "v1beta1"));
    }
}

#[test]
fn what_a_kind_lacks_is_said() {
    for (kind, spec, found) in [
        ("Component", " {type: service, lifecycle: x}", "owner"),
        ("Component", " {type: '', lifecycle: x, owner: a}", "type"),
        ("Component", " {type: 1, lifecycle: x, owner: a}", "type"),
        ("Component", " {type: a, lifecycle: x, owner: a, dependsOn: component:a}", "dependsOn"),
        ("Component", " {type: a, lifecycle: x, owner: {kind: Group, name: a}}", "owner"),
        ("API", " {type: openapi, lifecycle: x, owner: a}", "definition"),
        ("API", " {type: openapi, lifecycle: x, owner: a, definition: {a: b, c: d}}", "definition"),
        ("API", " {type: mcp-server, lifecycle: x, owner: a}", "remotes"),
        ("API", " {type: mcp-server, lifecycle: x, owner: a, remotes: [{type: sse}]}", "url"),
        ("Resource", " {owner: a}", "type"),
        ("System", " {}", "owner"),
        ("Domain", " {}", "owner"),
        ("Group", " {type: team}", "children"),
        ("Group", " {type: team, children: [], profile: {email: 1}}", "email"),
        ("User", " {}", "memberOf"),
        ("Location", " {presence: maybe}", "presence"),
        ("Location", " {targets: ./a.yaml}", "targets"),
        ("Template", " {type: service}", "steps"),
        ("Template", " {type: service, steps: [a]}", "steps"),
    ] {
        let found_rules = rules(&of_kind(kind, spec));
        assert!(
            found_rules.iter().any(|(rule, line, _)| rule == found && *line == 6),
            "{kind} {spec}: {found_rules:?}"
        );
        assert!(read(&of_kind(kind, spec)).descriptors.is_empty(), "{kind} {spec}");
    }
    assert_eq!(rules("apiVersion: backstage.io/v1alpha1\nkind: System\nmetadata: {name: a}")[0].0, "spec");
}

#[test]
fn versions_and_spellings_of_kinds() {
    let old = "apiVersion: backstage.io/v1beta2\nkind: Template\nmetadata: {name: a}\nspec: {type: a, steps: []}";
    assert!(read(old).findings[0].message.contains("scaffolder.backstage.io/v1beta3"));
    assert_eq!(rules(&MINIMAL.replace("kind: Component", "kind: component")), [("kind".to_owned(), 2, 7)]);
    assert_eq!(rules(&MINIMAL.replace("v1alpha1", "v2"))[0].0, "apiVersion");
    // Somebody's own kind of the same name is none of ours.
    entity("apiVersion: acme.example/v1\nkind: Component\nmetadata: {name: a}");
}

#[test]
fn what_points_at_others_becomes_a_relation_both_ways() {
    let text = of_kind(
        "Component",
        "\n  type: a\n  lifecycle: b\n  owner: Payments\n  system: default/orders\n  subcomponentOf: whole\n  providesApis: \
         [Api-A]\n  implementsApis: [old]\n  consumesApis: [api:other/b]\n  dependsOn: [resource:db]\n  dependencyOf: \
         [Component:x/y]",
    );
    assert_eq!(
        relations(&entity(&text)).join("\n"),
        "component:shop/one ownedBy group:shop/payments\ngroup:shop/payments ownerOf component:shop/one\n\
         component:shop/one partOf system:default/orders\nsystem:default/orders hasPart component:shop/one\n\
         component:shop/one partOf component:shop/whole\ncomponent:shop/whole hasPart component:shop/one\n\
         component:shop/one providesApi api:shop/api-a\napi:shop/api-a apiProvidedBy component:shop/one\n\
         component:shop/one providesApi api:shop/old\napi:shop/old apiProvidedBy component:shop/one\n\
         component:shop/one consumesApi api:other/b\napi:other/b apiConsumedBy component:shop/one\n\
         component:shop/one dependsOn resource:shop/db\nresource:shop/db dependencyOf component:shop/one\n\
         component:x/y dependsOn component:shop/one\ncomponent:shop/one dependencyOf component:x/y"
    );
    let group = of_kind("Group", " {type: a, parent: up, children: [down], members: [ann]}");
    assert_eq!(
        relations(&entity(&group)).join("\n"),
        "group:shop/one childOf group:shop/up\ngroup:shop/up parentOf group:shop/one\n\
         group:shop/down childOf group:shop/one\ngroup:shop/one parentOf group:shop/down\n\
         user:shop/ann memberOf group:shop/one\ngroup:shop/one hasMember user:shop/ann"
    );
    let user = of_kind("User", " {memberOf: [a]}");
    assert!(relations(&entity(&user)).contains(&"group:shop/a hasMember user:shop/one".to_owned()));
}

#[test]
fn references_that_say_too_little_are_refused_and_others_kept() {
    let with = |line: &str| of_kind("Component", &format!("\n  type: a\n  lifecycle: b\n  owner: c\n{line}"));
    let found = read(&with("  dependsOn: [component:a, orders]"));
    assert_eq!(found.findings[0].rule, "reference");
    assert_eq!((found.findings[0].line, found.findings[0].column), (10, 28));
    assert!(found.findings[0].message.contains("resource:"), "{}", found.findings[0].message);
    assert_eq!(rules(&with("  dependsOn: ['component:']"))[0].0, "reference");
    assert_eq!(rules(&with("  dependsOn: [{kind: a, name: b}]"))[0].0, "dependsOn");
    // A person's address is no name, but it was written in good faith.
    let odd = read(&with("  system: a@b"));
    assert_eq!((odd.descriptors.len(), odd.findings[0].is_error()), (1, false));
    assert_eq!(odd.descriptors[0].document.pointer("/spec/system"), Some(&json!("a@b")));
}

#[test]
fn what_is_known_already_names_the_same() {
    let descriptor = entity(MINIMAL);
    let again = mentions_of(&descriptor.reference, &descriptor.document);
    assert_eq!(again.len(), descriptor.mentions.len());
    assert_eq!(again[0].target, descriptor.mentions[0].target);
    assert!(mentions_of(&descriptor.reference, &json!({"kind": "Component"})).is_empty());
}
