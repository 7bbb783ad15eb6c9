//! The list, its filters and its counts.

use domain::catalog::descriptor::may_have_owner;

use super::*;

async fn filled(pool: PgPool) -> Db {
    let db = Db::of_pool(pool);
    let text = [
        TEAM.to_owned(),
        entry("System", "shop", "", "owner: payments, domain: selling"),
        entry(
            "Component",
            "a",
            ", title: Zebra, tags: [java, 'c#']",
            "type: service, lifecycle: production, owner: payments, system: shop",
        ),
        entry("Component", "b", ", tags: [java]", "type: website, lifecycle: experimental, owner: search"),
        entry("Component", "c", "", "type: service, lifecycle: production, owner: payments"),
        entry("API", "d", "", "type: openapi, lifecycle: production, owner: 'user:ann', definition: x"),
    ];
    let imported = take(&db, "file:a", &text.concat()).await;
    assert_eq!(imported.added, 6, "{imported:?}");
    db
}

async fn names(db: &Db, filter: CatalogFilter, sort: Sort) -> String {
    let page = list(&one_of_us(), db, &filter, sort, None, 100).await.unwrap();
    page.items.iter().map(|entity| entity.reference.name()).collect::<Vec<_>>().join(" ")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn each_filter_leaves_what_it_says(pool: PgPool) {
    let db = filled(pool).await;
    let all = CatalogFilter::default;
    for (filter, left) in [
        (all(), "d a b c payments shop"),
        (CatalogFilter { kind: some("component"), ..all() }, "a b c"),
        (CatalogFilter { spec_type: some("service"), ..all() }, "a c"),
        (CatalogFilter { lifecycle: some("production"), ..all() }, "d a c"),
        (CatalogFilter { owner: some("group:default/payments"), ..all() }, "a c shop"),
        (CatalogFilter { owner: some("user:default/ann"), ..all() }, "d"),
        (CatalogFilter { owner: some(NOBODY), ..all() }, ""),
        (CatalogFilter { owner: some(MINE), ..all() }, "b"),
        (CatalogFilter { domain: some("domain:default/selling"), ..all() }, "a shop"),
        (CatalogFilter { domain: some("domain:default/none"), ..all() }, ""),
        (CatalogFilter { system: some("system:default/shop"), ..all() }, "a"),
        (CatalogFilter { tag: some("c#"), ..all() }, "a"),
        (CatalogFilter { tag: some("java"), lifecycle: some("experimental"), ..all() }, "b"),
        (CatalogFilter { kind: some("robot"), ..all() }, ""),
        (CatalogFilter { tag: some("a\0b"), ..all() }, ""),
        (CatalogFilter { tag: some("' or true --"), ..all() }, ""),
    ] {
        assert_eq!(names(&db, filter.clone(), Sort::default()).await, left, "{filter:?}");
    }
    assert_eq!(names(&db, all(), Sort::Title).await, "b c d payments shop a");
    assert_eq!(names(&db, all(), Sort::Owner).await, "a c shop b d payments");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn pages_hold_every_entry_once(pool: PgPool) {
    let db = filled(pool).await;
    for sort in Sort::ALL {
        let (mut seen, mut after): (Vec<String>, Option<String>) = (Vec::new(), None);
        loop {
            let page = list(&one_of_us(), &db, &CatalogFilter::default(), sort, after.as_deref(), 2).await.unwrap();
            seen.extend(page.items.iter().map(|entity| entity.reference.to_string()));
            after = page.next.clone();
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 6, "{sort:?}: {seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 6, "{sort:?}");
    }
    for nonsense in ["", "x", "AAAA", "%00", "YQoA\0"] {
        let answer = list(&one_of_us(), &db, &CatalogFilter::default(), Sort::default(), Some(nonsense), 2).await;
        assert!(matches!(answer, Err(Error::Invalid(_))), "{nonsense:?}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_facet_counts_what_its_values_would_leave(pool: PgPool) {
    let db = filled(pool).await;
    let count = |facets: &Facets, facet: Facet| -> String {
        facets
            .of(facet)
            .map(|found| format!("{}={}", found.value.as_deref().unwrap_or("-"), found.count))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let whole = facets(&one_of_us(), &db, &CatalogFilter::default()).await.unwrap();
    assert_eq!(whole.total, 6);
    assert_eq!(count(&whole, Facet::Kind), "component=3 api=1 group=1 system=1");
    assert_eq!(count(&whole, Facet::Tag), "java=2 c#=1");
    assert_eq!(count(&whole, Facet::Owner), "group:default/payments=3 group:default/search=1 user:default/ann=1");
    assert_eq!(count(&whole, Facet::Domain), "-=4 domain:default/selling=2");
    let filter = CatalogFilter { kind: some("component"), lifecycle: some("production"), ..CatalogFilter::default() };
    let narrow = facets(&one_of_us(), &db, &filter).await.unwrap();
    assert_eq!(narrow.total, 2);
    assert_eq!(count(&narrow, Facet::Kind), "component=2 api=1");
    assert_eq!(count(&narrow, Facet::Lifecycle), "production=2 experimental=1");
    assert_eq!(count(&narrow, Facet::System), "system:default/shop=1 -=1");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn many_neighbours_are_counted_and_some_shown(pool: PgPool) {
    let db = filled(pool).await;
    let groups = neighbours(&one_of_us(), &db, &"group:default/payments".parse().unwrap(), 2).await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].relation.as_str(), groups[0].total, groups[0].shown.len()), ("ownerOf", 3, 2));
    assert_eq!(groups[0].shown[0].title.as_deref(), Some("Zebra"));
}

#[test]
fn kinds_without_an_owner_are_those_of_the_format() {
    assert!(crate::catalog::list::ownerless().iter().all(|kind| !may_have_owner(kind)));
}
