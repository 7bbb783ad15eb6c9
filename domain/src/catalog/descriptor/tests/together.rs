//! What is only seen of several entities together.

use super::*;

fn found(texts: &[String], known: &[&str]) -> Vec<(String, u32, String)> {
    let readings: Vec<Reading> = texts.iter().map(|text| read(text)).collect();
    let all: Vec<Described<'_>> = readings
        .iter()
        .flat_map(|reading| reading.descriptors.iter().map(|descriptor| Described { file: "a.yaml", descriptor }))
        .collect();
    let is_known = |reference: &EntityRef| known.is_empty() || known.contains(&reference.to_string().as_str());
    let found = together::together(&all, is_known);
    found.into_iter().map(|(_, finding)| (finding.rule, finding.line, finding.message)).collect()
}

fn part(name: &str, of: &str) -> String {
    MINIMAL.replace("checkout", name) + &format!("  subcomponentOf: {of}\n")
}

#[test]
fn an_owner_that_is_no_one_is_a_warning_at_its_place() {
    let said = found(&[MINIMAL.to_owned()], &["group:default/search"]);
    assert_eq!((said.len(), said[0].0.as_str(), said[0].1), (1, "owner", 8));
    assert_eq!(found(&[MINIMAL.to_owned()], &["group:default/payments"]), []);
}

#[test]
fn what_is_described_twice_is_said_at_the_second() {
    let second = MINIMAL.replace("checkout", "Checkout");
    let said = found(&[format!("{MINIMAL}---\n{second}")], &[]);
    assert_eq!((said[0].0.as_str(), said[0].1), ("described-twice", 13));
    assert!(said[0].2.contains("a.yaml:4"), "{}", said[0].2);
}

#[test]
fn circles_of_parts_are_told_once() {
    assert_eq!(found(&[part("a", "b"), part("b", "c"), part("c", "d")], &[]), []);
    let said = found(&[part("x", "a"), part("a", "b"), part("b", "c"), part("c", "a"), part("c2", "c")], &[]);
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!((said[0].0.as_str(), said[0].1), ("circle", 9));
    assert!(
        said[0].2.contains("component:default/a → component:default/b → component:default/c → component:default/a")
    );
    let itself = found(&[part("a", "a")], &[]);
    assert_eq!(itself.len(), 1);
    let groups = [("a", "b"), ("b", "a")].map(|(name, child)| {
        format!("apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata: {{name: {name}}}\nspec: {{type: t, children: [{child}]}}\n")
    });
    assert_eq!(found(&groups, &[]).len(), 1);
}

#[test]
fn a_long_way_that_is_no_circle_costs_little() {
    let chain: Vec<String> = (0..3_000).map(|n| part(&format!("c{n}"), &format!("c{}", n + 1))).collect();
    assert_eq!(found(&chain, &[]), []);
}
