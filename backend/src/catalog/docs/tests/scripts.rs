//! Nothing that a page says becomes a script, a style or a frame.

use super::{super::clean::clean, drawing::drawn};

const ATTACKS: [&str; 34] = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>a</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<iframe src=javascript:alert(1)>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"></object>",
    "<embed src=javascript:alert(1)>",
    "<style>@import '//evil.example/a.css';</style>",
    "<p style=\"background:url(javascript:alert(1))\" onclick=alert(1)>a</p>",
    "<link rel=stylesheet href=//evil.example/a.css>",
    "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
    "<base href=//evil.example/>",
    "<form action=//evil.example><button>a</button></form>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<a href=\"docs:image/x\" onclick=alert(1)>a</a>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#10;script:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](&#x6A&#x61vascript:alert(1))",
    "[a](%6aavascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](vbscript:msgbox)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "![a](javascript:alert(1))",
    "![\" onerror=alert(1) x=\"](img/a.png)",
    "```\"onload=alert(1)\n</code></pre><script>alert(1)</script>\n```",
];

/// Looks at elements and attributes as a browser would find them.
fn is_harmless(html: &str) -> Result<(), String> {
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let (inner, after) = tag.split_once('>').ok_or("a tag without an end")?;
        rest = after;
        let inner = inner.trim_start_matches('/');
        let (name, attributes) = inner.split_once(' ').unwrap_or((inner, ""));
        let known = [
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "div",
            "em",
            "h2",
            "h3",
            "hr",
            "img",
            "li",
            "ol",
            "p",
            "pre",
            "section",
            "span",
            "strong",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ];
        if !known.contains(&name) {
            return Err(format!("<{name}>"));
        }
        for part in attributes.split("\" ").filter(|part| !part.trim().is_empty()) {
            let (key, value) = part.split_once("=\"").ok_or_else(|| format!("{part:?}"))?;
            let is_address = |starts: &[&str]| starts.iter().any(|start| value.starts_with(start));
            let is_right = match key.trim() {
                "href" => is_address(&["https://", "http://", "mailto:", "docs:page/", "docs:home", "#"]),
                "src" => is_address(&["docs:image/"]),
                "alt" | "class" | "id" | "rel" | "title" | "role" | "tabindex" | "aria-label" | "loading" | "align"
                | "start" => true,
                _ => false,
            };
            if !is_right {
                return Err(part.to_owned());
            }
        }
    }
    Ok(())
}

#[test]
fn drawing_lets_nothing_through() {
    for attack in ATTACKS {
        for text in
            [attack.to_owned(), format!("a {attack} b"), format!("> - {attack}"), format!("|a|\n|-|\n|{attack}|")]
        {
            let html = drawn(&text).unwrap().html;
            assert_eq!(is_harmless(&html), Ok(()), "{text}: {html}");
        }
    }
}

/// Whatever would draw, this is the last to look.
#[test]
fn cleaning_lets_nothing_through_either() {
    for attack in ATTACKS {
        let encoded = attack.replace('<', "&lt;").replace('>', "&gt;");
        for html in [
            attack.to_owned(),
            encoded,
            format!("<p>{attack}</p>"),
            format!("<a href=\"{}\">a</a>", attack.trim_start_matches("[a](").trim_end_matches(')')),
            format!("<img alt=\"a\" src=\"{attack}\">"),
            format!("<div class=\"{attack}\" id=\"{attack}\" role=\"{attack}\">a</div>"),
        ] {
            let clean = clean(&html);
            assert_eq!(is_harmless(&clean), Ok(()), "{html}: {clean}");
            assert_eq!(super::super::clean::clean(&clean), clean, "cleaning is done with once");
        }
    }
    for html in [
        "<a href=\"/logout\">a</a>",
        "<a href=\"//evil.example\">a</a>",
        "<a href=\"docs:other\">a</a>",
        "<img src=\"https://evil.example/a.png\">",
        "<img src=\"docs:image/../../logout\">",
        "<div class=\"fixed inset-0\">a</div>",
        "<p id=\"main\">a</p>",
        "<h2 id=\"main\">a</h2>",
        "<!-- a --><!--[if IE]><script>alert(1)</script><![endif]-->",
    ] {
        let clean = clean(html);
        let left = ["href", "src", "class", "id=", "<!--", "script"].iter().find(|word| clean.contains(**word));
        assert_eq!(left, None, "{html}: {clean}");
    }
}

#[test]
fn the_test_itself_sees_what_is_harmful() {
    for html in [
        "<script>",
        "<p onclick=\"a\">",
        "<a href=\"javascript:alert(1)\">",
        "<img src=\"https://a\">",
        "<p style=\"a\">",
    ] {
        assert!(is_harmless(html).is_err(), "{html}");
    }
}
