mod claims;
mod offers;
mod seen;
mod selectors;

use serde_json::{Value, json};

use super::*;

fn labels(all: &[(&str, &str)]) -> Labels {
    all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn entity(annotations: Value) -> Value {
    json!({ "metadata": { "name": "Checkout", "annotations": annotations } })
}
