//! What nobody owns any more.

use super::*;

const ALL: &str = "apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: labelled, labels: {team: Payments}}
spec: {type: service, lifecycle: x, owner: gone, system: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: part}
spec: {type: service, lifecycle: x, owner: gone, system: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: needed}
spec: {type: service, lifecycle: x, owner: 'user:left'}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: lonely, labels: {team: gone}}
spec: {type: service, lifecycle: x, owner: gone}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: fine}
spec: {type: service, lifecycle: x, owner: payments, dependsOn: ['component:needed']}
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
spec: {owner: payments}
";

fn told(found: Vec<Unowned>) -> Vec<String> {
    let one = |found: Unowned| {
        let named = found.named.map_or("nobody".to_owned(), |named| named.to_string());
        let proposal = found.proposal.map_or("?".to_owned(), |of| format!("{} {:?}", of.owner, of.reason));
        format!("{}: {named} -> {proposal}", found.reference.name())
    };
    found.into_iter().map(one).collect()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn who_might_own_it_is_said_with_the_strongest_reason(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:all.yaml", &format!("{TEAM}{ALL}")).await;
    assert_eq!(
        told(unowned(&one_of_us(), &db).await.unwrap()),
        [
            "labelled: group:default/gone -> group:default/payments Label",
            "lonely: group:default/gone -> ?",
            "needed: user:default/left -> group:default/payments Dependents",
            "part: group:default/gone -> group:default/payments Whole",
        ]
    );
    assert_eq!(unowned(&viewer(&[], &[]), &db).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn those_who_look_after_its_repository_are_proposed_to_whoever_may_read_it(pool: PgPool) {
    let db = Db::of_pool(pool);
    let user = "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ann}\nspec: {profile: {email: \
                Ann@waymark.example}, memberOf: [payments]}\n";
    take(&db, "file:teams.yaml", &format!("{TEAM}---\n{user}")).await;
    for name in ["named", "written"] {
        take(&db, &format!("url:{name}"), &entry("Component", name, "", "type: service, lifecycle: x, owner: gone"))
            .await;
    }
    let store = async |text: &str| sqlx::query(sqlx::AssertSqlSafe(text.to_owned())).execute(&db.pool).await.unwrap();
    store("update catalog_source set repository = 'acme/' || substr(origin, 5) where starts_with(origin, 'url:')")
        .await;
    store(
        "insert into catalog_repository (repository, description, branch, changed, is_open, has_file, code_owners, authors)
         values ('Acme/named', '', 'main', '', false, true, '{group:default/payments}', '{}'),
                ('acme/written', '', 'main', '', false, true, '{}', '{ann@waymark.example}')",
    )
    .await;
    let hidden = ["named: group:default/gone -> ?", "written: group:default/gone -> ?"];
    assert_eq!(told(unowned(&one_of_us(), &db).await.unwrap()), hidden, "they may not read the repository");
    store("update catalog_repository set is_open = true").await;
    assert_eq!(
        told(unowned(&one_of_us(), &db).await.unwrap()),
        [
            "named: group:default/gone -> group:default/payments CodeOwners",
            "written: group:default/gone -> group:default/payments History",
        ]
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_group_that_is_gone_from_its_file_owns_nothing_and_what_is_hidden_is_not_told(pool: PgPool) {
    let db = Db::of_pool(pool);
    take(&db, "file:teams.yaml", TEAM).await;
    let secret = ALL.replace("{name: shop}", "{name: shop, annotations: {waymark.dev/visible-to: audit}}");
    take(&db, "file:all.yaml", &secret).await;
    let seen = told(unowned(&one_of_us(), &db).await.unwrap());
    assert_eq!(
        seen,
        ["lonely: group:default/gone -> ?", "needed: user:default/left -> group:default/payments Dependents"]
    );
    take(&db, "file:teams.yaml", &entry("Group", "search", "", "type: team, children: []")).await;
    let seen = told(unowned(&one_of_us(), &db).await.unwrap());
    assert!(seen.contains(&"fine: group:default/payments -> ?".to_owned()), "{seen:?}");
}
