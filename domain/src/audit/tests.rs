use serde_json::json;

use super::*;

fn entry(seq: i64, action: &str) -> Entry {
    Entry {
        seq,
        at_micros: 1_700_000_000_000_000 + seq,
        actor: "person:00000000-0000-0000-0000-000000000001".into(),
        action: action.into(),
        target: "component:default/checkout".into(),
        detail: json!({"b": 1, "a": {"d": null, "c": "é\n"}}),
    }
}

fn trail(n: i64) -> Vec<(Entry, Hash, Hash)> {
    let mut prev = GENESIS;
    (1..=n)
        .map(|seq| {
            let entry = entry(seq, "run.accept");
            let hash = link(&prev, &entry);
            let row = (entry, prev, hash);
            prev = hash;
            row
        })
        .collect()
}

fn verify(rows: &[(Entry, Hash, Hash)]) -> Result<(i64, Hash), Broken> {
    let mut verifier = Verifier::default();
    for (entry, prev, hash) in rows {
        verifier.accept(entry, *prev, *hash)?;
    }
    Ok(verifier.head())
}

#[test]
fn an_untouched_trail_holds() {
    let rows = trail(5);
    assert_eq!(verify(&rows), Ok((5, rows[4].2)));
    assert_eq!(verify(&[]), Ok((0, GENESIS)));
}

#[test]
fn each_kind_of_tampering_shows() {
    let mut removed = trail(5);
    removed.remove(2);
    assert_eq!(verify(&removed), Err(Broken::Gap { expected: 3, found: 4 }));

    let mut changed = trail(5);
    changed[1].0.detail = json!({"a": {"c": "é\n", "d": null}, "b": 2});
    assert_eq!(verify(&changed), Err(Broken::Content { seq: 2 }));

    let mut rehashed = trail(5);
    rehashed[1].0.actor = "person:somebody-else".into();
    rehashed[1].2 = link(&rehashed[1].1, &rehashed[1].0);
    assert_eq!(verify(&rehashed), Err(Broken::Link { seq: 3 }));
}

#[test]
fn the_hash_does_not_depend_on_key_order_but_on_everything_else() {
    let a = entry(1, "x");
    let mut b = a.clone();
    b.detail = json!({"a": {"c": "é\n", "d": null}, "b": 1});
    assert_eq!(link(&GENESIS, &a), link(&GENESIS, &b));
    let changes: [fn(&mut Entry); 6] = [
        |e| e.seq += 1,
        |e| e.at_micros += 1,
        |e| e.actor.push('x'),
        |e| e.action.push('x'),
        |e| e.target.push('x'),
        |e| e.detail["b"] = json!("1"),
    ];
    for change in changes {
        let mut changed = a.clone();
        change(&mut changed);
        assert_ne!(link(&GENESIS, &a), link(&GENESIS, &changed));
    }
}

#[test]
fn fields_cannot_flow_into_each_other() {
    let a = Entry { actor: "ab".into(), action: "c".into(), ..entry(1, "x") };
    let b = Entry { actor: "a".into(), action: "bc".into(), ..entry(1, "x") };
    assert_ne!(link(&GENESIS, &a), link(&GENESIS, &b));
}
