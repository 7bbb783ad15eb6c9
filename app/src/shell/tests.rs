//! The document: what stands around every page, for whom.

use domain::access::{Theme, Viewer};
use leptos::{prelude::*, serde_json};

use super::*;
use crate::{
    components::tests::{HOSTILE, assert_inert, bare_tags, html},
    pages::gallery::GalleryPage,
};

fn viewer(name: &str, teams: &[&str]) -> Viewer {
    Viewer {
        person: serde_json::from_str("\"00000000-0000-0000-0000-000000000000\"").unwrap(),
        login: "developer".to_owned(),
        name: name.to_owned(),
        groups: vec![],
        roles: vec![],
        teams: teams.iter().map(|team| (*team).to_owned()).collect(),
    }
}

fn frame(viewer: Option<Viewer>) -> Frame {
    Frame {
        assets: Assets {
            css: "/pkg/waymark.1.css".to_owned(),
            js: "/pkg/waymark.2.js".to_owned(),
            wasm: "/pkg/waymark.3.wasm".to_owned(),
            font: "/pkg/inter.4.woff2".to_owned(),
        },
        theme: Theme::Dark,
        viewer,
        path: "/catalog/component/default/checkout".to_owned(),
        address: "/catalog/component/default/checkout?tab=runs".to_owned(),
        counts: NavCounts { catalog: Some(61), ..NavCounts::default() },
        note: None,
        is_demo: true,
        version: "0.1.0",
    }
}

fn document(frame: Frame) -> String {
    html(|| view! { <Shell frame=frame>"the page"</Shell> })
}

#[test]
fn the_document_has_theme_assets_and_the_way_out() {
    let document = document(frame(Some(viewer("Dana Velez", &["payments"]))));
    for part in [
        "<html lang=\"en\" data-theme=\"dark\">",
        "href=\"/pkg/waymark.1.css\"",
        "(\"/pkg/waymark.2.js\", \"/pkg/waymark.3.wasm\")",
        "href=\"/pkg/inter.4.woff2\"",
        "Demonstration data: teams, people and most entries are invented.",
        "action=\"/logout\"",
        "action=\"/settings/theme\"",
        "value=\"/catalog/component/default/checkout?tab=runs\"",
        "href=\"#main\"",
        "the page",
        "Waymark ",
    ] {
        assert!(document.contains(part), "{part} is not in {document}");
    }
    // The place is marked in the rail and in the menu of narrow screens.
    assert_eq!(document.matches("aria-current=\"page\"").count(), 2, "{document}");
}

#[test]
fn somebody_without_team_and_role_is_offered_the_start_page_alone() {
    let outsider = document(frame(Some(viewer("Out Sider", &[]))));
    assert!(!outsider.contains("href=\"/catalog\"") && outsider.contains("href=\"/\""), "{outsider}");
    assert!(document(frame(Some(viewer("Dana Velez", &["payments"])))).contains("href=\"/catalog\""));
}

#[test]
fn nobody_is_offered_the_way_in_and_back() {
    let document = document(frame(None));
    assert!(document.contains("/login?next=%2Fcatalog%2Fcomponent%2Fdefault%2Fcheckout%3Ftab%3Druns"), "{document}");
    assert!(!document.contains("/logout") && !document.contains("href=\"/catalog\""), "{document}");
}

#[test]
fn names_and_addresses_of_people_stay_text() {
    let hostile = Frame { address: HOSTILE.to_owned(), ..frame(Some(viewer(HOSTILE, &[HOSTILE]))) };
    // The start-up script is ours and full of signs that mean something in HTML; the body is what is looked at.
    let document = document(hostile);
    let body = document.split_once("<body").map(|(_, body)| format!("<body{body}"));
    assert_inert("Shell", &body.unwrap_or_default());
    assert_eq!(tab_title("</title><b>".to_owned()), "&lt;/title&gt;&lt;b&gt; · Waymark");
}

#[test]
fn no_component_needs_what_the_content_security_policy_forbids() {
    let gallery = html(|| view! { <GalleryPage /> });
    for tag in bare_tags(&gallery) {
        let has = |name: &str| tag.split_whitespace().any(|attribute| attribute.starts_with(name));
        assert!(!has("style=") && !has("on") && !tag.starts_with("script") && !tag.starts_with("style"), "{tag}");
    }
}
