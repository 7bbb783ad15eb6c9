use super::*;

fn workload(name: &str, found: &[(&str, &str)]) -> Grouped {
    Grouped { kind: WorkloadKind::Deployment, name: name.to_owned(), labels: labels(found) }
}

const HERE: Place<'_> = Place { cluster: "local", namespace: "shop" };
const NAME: &str = "app.kubernetes.io/name";
const INSTANCE: &str = "app.kubernetes.io/instance";

#[test]
fn what_belongs_together_is_one() {
    let groups = grouped([
        workload("web", &[(INSTANCE, "shop"), (NAME, "web")]),
        workload("db", &[(INSTANCE, "shop"), (NAME, "db")]),
        workload("a", &[("app.kubernetes.io/part-of", "mail"), (NAME, "relay")]),
        workload("b", &[("app.kubernetes.io/part-of", "mail"), (NAME, "relay")]),
        workload("c", &[("app.kubernetes.io/part-of", "mail")]),
        workload("d", &[(INSTANCE, "")]),
    ]);
    let told: Vec<String> = groups.iter().map(|g| format!("{} {} {}", g.key, g.name(), g.members.len())).collect();
    assert_eq!(told, ["Deployment/c c 1", "Deployment/d d 1", "instance/shop shop 2", "part/mail/relay relay 2"]);
}

#[test]
fn an_entity_is_marked_with_what_tells_its_workloads_from_all_others() {
    let told = |group: &[Grouped], others: &[&[(&str, &str)]]| {
        let others: Vec<Labels> = others.iter().map(|found| labels(found)).collect();
        let marks = marks(HERE, group, &others.iter().collect::<Vec<_>>())?;
        assert_eq!((marks[NAMESPACE].as_str(), marks[CLUSTER].as_str()), ("shop", "local"));
        Some(marks.get(ID).or_else(|| marks.get(SELECTOR)).unwrap().clone())
    };
    let web = [(NAME, "web"), ("app.kubernetes.io/version", "2"), ("x", "y")];
    for (found, others, expected) in [
        (vec![(ID, "pay"), ("app", "a")], vec![], Some("pay")),
        (vec![(ID, "pay"), ("app", "a")], vec![[(ID, "pay")].as_slice()], Some("app=a")),
        (vec![("app", "a")], vec![&[("app", "a"), ("b", "c")]], None),
        (web.to_vec(), vec![], Some("app.kubernetes.io/name=web")),
        (web.to_vec(), vec![&[(NAME, "web")]], Some("app.kubernetes.io/name=web,x=y")),
        (vec![("app.kubernetes.io/version", "2")], vec![], None),
        (vec![], vec![], None),
    ] {
        assert_eq!(told(&[workload("one", &found)], &others).as_deref(), expected, "{found:?} {others:?}");
    }
    let two = [workload("a", &[(INSTANCE, "shop"), (NAME, "a")]), workload("b", &[(INSTANCE, "shop"), (NAME, "b")])];
    assert_eq!(told(&two, &[&[(NAME, "a")]]).as_deref(), Some("app.kubernetes.io/instance=shop"));
}

#[test]
fn names_are_made_to_fit() {
    let long = "x".repeat(80);
    for (text, name) in [
        ("Web", Some("web")),
        ("web app!", Some("web-app")),
        ("--ü", None),
        ("a.b_c", Some("a.b_c")),
        (long.as_str(), Some(&long[..63])),
    ] {
        assert_eq!(fitting_name(text).as_deref(), name, "{text}");
        assert!(name.is_none_or(|name| crate::catalog::EntityRef::new("component", "default", name).is_ok()));
    }
}

#[test]
fn what_stands_for_it_is_in_order_for_the_catalog() {
    let owner = "group:default/payments".parse().unwrap();
    let marks = labels(&[(ID, "web")]);
    let of = |environment| document("web", WorkloadKind::CronJob, &owner, environment, &marks);
    for document in [of(Some("prod")), namespace_document("shop", HERE, &owner)] {
        let read = crate::catalog::descriptor::read(&crate::catalog::descriptor::write([&document]));
        assert_eq!(read.findings, [], "{document}");
    }
    let lifecycles = [Some("prod"), Some("dev"), Some("staging"), None].map(|at| of(at)["spec"]["lifecycle"].clone());
    assert_eq!(lifecycles, ["production", "experimental", "unknown", "unknown"]);
    assert_eq!(of(None)["spec"]["type"], "job");
}
