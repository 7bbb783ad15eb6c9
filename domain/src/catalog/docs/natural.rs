//! The order in which people put files: `2-deploy` before `10-release`, and the first page of a folder first.

use std::{cmp::Ordering, iter::Peekable, str::Chars};

/// Compares two paths folder by folder; `index` and `README` come before all that lie beside them.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('/').peekable(), b.split('/').peekable());
    loop {
        match (left.next(), right.next()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(one), Some(two)) => {
                let rank = |name: &str, is_last: bool| if is_last { first_page(name) } else { 3 };
                let ranks = rank(one, left.peek().is_none()).cmp(&rank(two, right.peek().is_none()));
                let order = ranks_first(ranks, one, two);
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}

fn ranks_first(ranks: Ordering, one: &str, two: &str) -> Ordering {
    if ranks == Ordering::Equal { by_number(one, two) } else { ranks }
}

/// 0 and 1 for the first page of a folder, 2 for other pages; folders follow.
fn first_page(name: &str) -> u8 {
    match stem(name).to_ascii_lowercase().as_str() {
        "index" => 0,
        "readme" => 1,
        _ => 2,
    }
}

/// A name without the ending of a page.
pub(super) fn stem(name: &str) -> &str {
    name.strip_suffix(".md").or_else(|| name.strip_suffix(".markdown")).unwrap_or(name)
}

fn by_number(one: &str, two: &str) -> Ordering {
    let (low, high) = (one.to_lowercase(), two.to_lowercase());
    let (mut left, mut right) = (low.chars().peekable(), high.chars().peekable());
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return one.cmp(two),
            (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => {
                number(&mut left).cmp(&number(&mut right))
            }
            (a, b) => {
                left.next();
                right.next();
                a.cmp(&b)
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// By length and then by digits, so that no number is too long.
fn number(of: &mut Peekable<Chars<'_>>) -> (usize, String) {
    let mut digits = String::new();
    while let Some(digit) = of.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    let plain = digits.trim_start_matches('0').to_owned();
    (plain.len(), plain)
}
