//! GraphQL's schema language.

use super::*;

pub(super) const SHOP: &str = r#"
"""The shop."""
schema { query: Root mutation: Mutation }

directive @auth(role: String) on FIELD_DEFINITION

type Root {
  "One order."
  order(id: ID!, lang: String = "en", limit: Int! = 3): Order @auth(role: "x")
  orders: [Order!]! @deprecated(reason: "Use order.")
}
type Mutation { pay(input: PayInput!): Order }
extend type Mutation { cancel(id: ID!): Boolean }

"""
An order
with lines.
"""
type Order implements Node & Timed { id: ID!, lines(first: Int): [Line] }
type Line { product: String }
extend type Line { count: Int! }
interface Node { id: ID! }
union Thing = Order | Line
enum State { "Not paid." OPEN PAID @deprecated }
input PayInput { order: ID!, cents: Int = 0 }
scalar Date
type Subscription { paid: Order }
"#;

#[test]
fn the_whole_of_it() {
    let api = read("graphql", SHOP).unwrap();
    assert_eq!(api.description, "The shop.");
    assert_eq!(
        operations(&api),
        ["QUERY order", "QUERY orders", "MUTATION pay", "MUTATION cancel", "SUBSCRIPTION paid"]
    );
    let order = find(&api, "order");
    assert_eq!(order.description, "One order.");
    assert_eq!(rows(&order.parameters), ["id*: ID!", "lang: String # Default: \"en\"", "limit: Int! # Default: 3"]);
    assert_eq!(order.answers[0].bodies[0].type_name, "Order");
    assert!(!order.is_deprecated && find(&api, "orders").is_deprecated);
    let kinds: Vec<(&str, &str)> = api.types.iter().map(|t| (t.kind.as_str(), t.name.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("object", "Order"),
            ("object", "Line"),
            ("interface", "Node"),
            ("union", "Thing"),
            ("enum", "State"),
            ("input", "PayInput"),
            ("scalar", "Date")
        ]
    );
    assert_eq!(type_of(&api, "Order").description, "An order\nwith lines. Implements Node, Timed.");
    assert_eq!(rows(&type_of(&api, "Order").rows), ["id*: ID!", "lines: [Line]", "  first: Int"]);
    assert_eq!(rows(&type_of(&api, "Line").rows), ["product: String", "count*: Int!"]);
    assert_eq!(rows(&type_of(&api, "Thing").rows), ["Order: ", "Line: "]);
    assert_eq!(rows(&type_of(&api, "State").rows), ["OPEN:  # Not paid.", "PAID:  (old)"]);
    assert_eq!(rows(&type_of(&api, "PayInput").rows), ["order*: ID!", "cents: Int # Default: 0"]);
}

#[test]
fn mistakes_have_their_place() {
    let fault = |text: &str| read("graphql", text).unwrap_err();
    assert_eq!(fault("type A {\n  b: \n}\n").place().unwrap().line, 3);
    assert_eq!(fault("{ orders { id } }").place().unwrap().line, 1);
    let deep = format!("type A {{ b: {}Int{} }}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(matches!(fault(&deep), Unreadable::Syntax { .. }));
    let values = format!("type A {{ b(c: Int = {}1{}): Int }}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(matches!(fault(&values), Unreadable::Syntax { .. }));
}

#[test]
fn escapes_of_any_kind_end_in_words_or_a_reason() {
    for escape in [
        r"\uD800",
        r"\uDC00",
        r"\uD83D\uDE00",
        r"\uD83D\u0041",
        r"\uD83D",
        r"\uD83Dxx1234",
        r"\u{110000}",
        r"\u{}",
        r"\u{D800}",
        r"\u{FFFFFFFFFFFFFFFFFFFF}",
        r"\u{1F600}",
        r"\u12",
        r"\u{12",
        r"\x",
        "\\",
        r"\uDE00\uD83D",
        r"\uD83D\n0041",
        r"\u+123",
    ] {
        for text in
            [format!("\"{escape}\" type A {{ a: Int }}"), format!("type A {{ a(b: String = \"{escape}\"): Int }}")]
        {
            match read("graphql", &text) {
                Ok(api) => assert_eq!(api.types.len(), 1, "{text}"),
                Err(fault) => assert!(fault.place().is_some(), "{text}"),
            }
        }
    }
    assert_eq!(read("graphql", r#""\uD83D\uDE00" type A { a: Int }"#).unwrap().types[0].description, "😀");
}
