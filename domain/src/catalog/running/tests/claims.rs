use super::*;

const HERE: Place<'_> = Place { cluster: "local", namespace: "shop" };

fn claims(annotations: Value, found: &[(&str, &str)]) -> bool {
    Claim::of(&entity(annotations)).unwrap().is_some_and(|claim| claim.holds(HERE, &labels(found)))
}

#[test]
fn an_entity_claims_by_its_selector_else_by_its_id_else_by_its_name() {
    let id = [("backstage.io/kubernetes-id", "pay"), ("app", "pay")];
    let name = [("backstage.io/kubernetes-id", "Checkout")];
    for (annotations, found, is_claimed) in [
        (json!({}), name.as_slice(), true),
        (json!({}), &id, false),
        (json!({ID: "pay"}), &id, true),
        (json!({ID: "pay"}), &name, false),
        (json!({ID: "  "}), &name, true),
        (json!({ID: "pay", SELECTOR: "app=cart"}), &id, false),
        (json!({ID: "cart", SELECTOR: "app=pay"}), &id, true),
        (json!({ID: "pay", NAMESPACE: "shop", CLUSTER: "local"}), &id, true),
        (json!({ID: "pay", NAMESPACE: "other"}), &id, false),
        (json!({SELECTOR: "app=pay", CLUSTER: "other"}), &id, false),
        (json!({}), &[("app", "Checkout")], false),
    ] {
        assert_eq!(claims(annotations.clone(), found), is_claimed, "{annotations} {found:?}");
    }
}

#[test]
fn a_selector_that_cannot_be_read_claims_nothing_and_says_why() {
    assert!(Claim::of(&entity(json!({ID: "pay", SELECTOR: "app like x"}))).is_err());
    assert_eq!(Claim::of(&json!({})), Ok(None));
}

#[test]
fn environments_come_from_labels_alone_the_strongest_first() {
    let of = |workload: &[(&str, &str)], namespace: &[(&str, &str)]| {
        let found = environment(&labels(workload), &labels(namespace))?;
        Some(format!("{} {} {}", found.name, found.label.unwrap(), found.is_of_namespace))
    };
    let ours = ("waymark.dev/environment", "prod");
    for (workload, namespace, expected) in [
        (vec![("env", "dev"), ours], vec![], Some("prod waymark.dev/environment false")),
        (vec![("env", "dev")], vec![ours], Some("prod waymark.dev/environment true")),
        (vec![("env", "dev"), ("environment", "qa")], vec![("environment", "x")], Some("qa environment false")),
        (vec![("env", "")], vec![("env", "test")], Some("test env true")),
        (vec![("app", "prod")], vec![("kubernetes.io/metadata.name", "shop-prod")], None),
    ] {
        assert_eq!(of(&workload, &namespace).as_deref(), expected, "{workload:?} {namespace:?}");
    }
    let ranks = ["dev", "QA", "staging", "Production", "blue"].map(|name| rank(Some(name)));
    assert_eq!((ranks, rank(None)), ([0, 1, 2, 3, 8], 9));
}
