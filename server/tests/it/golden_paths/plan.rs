use super::{document, folder, plan, read, shipped, waymark};

const MINIMAL: &str = "name: checkout\nowner: group:default/payments\n";

#[test]
fn shipped_paths_need_a_name_and_an_owner_only() {
    for name in ["web-service", "gpu-inference"] {
        let (code, text, work) = plan(&shipped(name), MINIMAL);
        assert_eq!(code, 0, "{text}");
        assert!(!text.contains("Warnings"), "{text}");
        let entity = read(&work, "catalog-info.yaml").unwrap();
        assert!(
            entity.contains("  name: checkout\n") && entity.contains("  owner: group:default/payments\n"),
            "{entity}"
        );
        let overlay = read(&work, "deploy/overlays/prod/kustomization.yaml").unwrap();
        assert!(overlay.contains("namespace: payments-checkout-prod\n"), "{overlay}");
        let workflow = read(&work, ".github/workflows/ci.yaml").unwrap();
        assert!(workflow.contains("${{ github.ref }}"), "it is copied as it is");
    }
}

#[test]
fn wrong_values_are_named_at_their_place() {
    let (code, text, _work) = plan(&shipped("web-service"), "nam: x\nowner: 3\nport: 80\nsize: huge\n");
    assert_eq!(code, 1);
    let lines: Vec<&str> = text.lines().map(|line| line.split_once("values.yaml:").unwrap().1).collect();
    assert_eq!(
        lines,
        [
            "1:6: parameter: /nam: There is no parameter `nam`: mend the name or leave it out.",
            "1:1: parameter: /name: Fill this in: it is required.",
            "2:8: parameter: /owner: Give a text.",
            "3:7: parameter: /port: Choose a port from 1024 to 65535. Lower ones need rights that the container does not have.",
            "4:7: parameter: /size: Choose one of `small`, `medium`, `large`.",
        ]
    );
    let (code, text, _work) = plan(
        &shipped("gpu-inference"),
        &format!("{MINIMAL}accelerator: nvidia.com/gpu.shared\naccelerator_count: 2\n"),
    );
    assert_eq!(code, 1);
    assert!(text.contains(":4:20: parameter: /accelerator_count: One process can use one slice or share."), "{text}");
    let (code, text, _work) = plan(&shipped("web-service"), "a: [\n");
    assert!(code == 1 && text.contains("values.yaml:1:4: yaml-syntax: "), "{text}");
}

#[test]
fn printing_nothing_is_an_error_in_strict_paths_and_a_warning_in_others() {
    let skeleton = "fine\n  ${{ values.nosuch }}!{% if values.nosuch %}x{% endif %}\n";
    let strict = document("          extra: ${{ parameters.other }}\n");
    let files = |text: &str| folder(&[("template.yaml", text), ("skeleton/a.txt", skeleton)]);
    let (code, text, work) = plan(files(&strict).path(), "name: x\n");
    assert_eq!(code, 1);
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("skeleton/a.txt:2:3: undefined: `values.nosuch` has no value"), "{text}");
    assert!(text.contains("template.yaml:24:18: undefined: `parameters.other` has no value"), "{text}");
    assert_eq!(read(&work, "a.txt"), None, "nothing is written where there is an error");

    let lenient = strict.replace("strict: \"true\"", "strict: \"false\"");
    let (code, text, work) = plan(files(&lenient).path(), "name: x\n");
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("Warnings:") && text.contains("skeleton/a.txt:2:3: undefined: "), "{text}");
    assert!(text.contains("template.yaml:24:18: undefined: "), "{text}");
    assert_eq!(read(&work, "a.txt").as_deref(), Some("fine\n  !\n"));
}

#[test]
fn what_is_rendered_as_yaml_must_be_yaml() {
    let files = [("template.yaml", &*document("")), ("skeleton/a.yaml", "a: 1\nname: ${{ values.name }}\n")];
    let (code, text, _work) = plan(folder(&files).path(), "name: \"x: y: z\"\n");
    assert!(code == 1 && text.contains("skeleton/a.yaml:1:1: rendered-yaml: "), "{text}");
    let dumped = [files[0], ("skeleton/a.yaml", "name: ${{ values.name | dump }}\n---\nb: 1\n")];
    let (code, _, work) = plan(folder(&dumped).path(), "name: \"x: y: z\"\n");
    assert_eq!((code, read(&work, "a.yaml").unwrap().as_str()), (0, "name: \"x: y: z\"\n---\nb: 1\n"));
}

#[test]
fn rendered_names_cannot_leave_the_tree() {
    let files = [("template.yaml", &*document("")), ("skeleton/d/${{ values.name }}", "x")];
    for name in ["../x", "a/../../x", ".git/config", "nul", "a\\\\b", "x."] {
        let (code, text, work) = plan(folder(&files).path(), &format!("name: \"{name}\"\n"));
        assert!(code == 1 && text.contains("skeleton/d/${{ values.name }}:1:1: target-path: "), "{name}: {text}");
        assert!(!work.path().join("x").exists());
    }
    let both = [files[0], ("skeleton/${{ values.name }}", "x"), ("skeleton/b", "y")];
    let (code, text, _work) = plan(folder(&both).path(), "name: b\n");
    assert!(code == 1 && text.contains(": same-path: "), "{text}");
}

#[test]
fn a_template_that_does_not_end_is_stopped_and_named() {
    let endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    let files = [("template.yaml", &*document("")), ("skeleton/a", "${{ values.name }}"), ("skeleton/b", endless)];
    let (code, text, _work) = plan(folder(&files).path(), "name: x\n");
    assert!(code == 1 && text.contains("skeleton/b:1:1: limit: Rendering this takes longer than 10 seconds"), "{text}");
}

#[test]
fn the_folder_for_the_files_must_be_empty() {
    let (out, values) = (folder(&[("there", "x")]), folder(&[("v.yaml", MINIMAL)]));
    let values = values.path().join("v.yaml");
    let path = shipped("web-service");
    let arguments =
        ["plan", path.to_str().unwrap(), "--values", values.to_str().unwrap(), "--out", out.path().to_str().unwrap()];
    let (code, text) = waymark(&arguments);
    assert!(code == 1 && text.contains(": out: This folder is not empty"), "{text}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 1);
    assert_eq!(waymark(&["plan", path.to_str().unwrap()]).0, 2, "values are required");
}

#[test]
fn the_plan_is_readable_by_machines() {
    let values = folder(&[("v.yaml", MINIMAL)]);
    let values = values.path().join("v.yaml");
    let run = || {
        waymark(&["plan", shipped("gpu-inference").to_str().unwrap(), "--values", values.to_str().unwrap(), "--json"])
    };
    let (code, text) = run();
    assert_eq!(code, 0);
    let plan: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(plan["parameters"]["accelerator"], "nvidia.com/gpu");
    let lease = plan["steps"].as_array().unwrap().iter().find(|step| step["id"] == "lease").unwrap();
    assert_eq!((&lease["input"]["count"], &lease["input"]["days"]), (&1.into(), &30.into()));
    assert_eq!(plan["output"]["links"][0]["url"], "https://git.example.com/payments/checkout.git");
    assert_eq!(plan["output"]["links"][1]["entityRef"], "component:default/checkout");
    assert_eq!(run().1, text, "the same values give the same bytes");
}
