//! One page of Markdown as clean HTML. Raw HTML in it is left out; what it links to is worked out before it is written.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{self, Write},
};

use comrak::{
    Arena, Options,
    html::{ChildRendering, Context, format_document_with_formatter, format_node_default},
    nodes::{Node, NodeCodeBlock, NodeValue},
    options::Plugins,
    parse_document,
};
use domain::{
    catalog::docs::{Library, Link, as_alerts},
    links::encoded,
};

use super::{
    clean::clean,
    outline::{Heading, Outline, Section, outline},
};

/// A page that is drawn.
#[derive(Debug)]
pub(super) struct Drawn {
    pub(super) title: Option<String>,
    pub(super) html: String,
    pub(super) headings: Vec<Heading>,
    pub(super) sections: Vec<Section>,
}

/// What is around a page.
pub(super) struct Around<'a> {
    pub(super) library: &'a Library,
    /// Hashes of the images that were read, by their files.
    pub(super) images: &'a BTreeMap<String, String>,
    /// Where the repository is looked at, with `/` at its end; none for files on disk.
    pub(super) host: Option<&'a str>,
}

/// The page is not one that a person wrote to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooIntricate;

/// Lists in quotes in lists; a browser need not follow deeper.
const MOST_DEPTH: usize = 60;
const MOST_HTML: usize = 4 << 20;
const IMAGES: [&str; 5] = [".png", ".jpg", ".jpeg", ".gif", ".webp"];

/// The files that a page shows as images.
pub(super) fn images(text: &str, file: &str, library: &Library) -> BTreeSet<String> {
    if is_steep(text) {
        return BTreeSet::new();
    }
    let arena = Arena::new();
    let root = parse_document(&arena, &as_alerts(text), &options());
    let found = root.descendants().filter_map(|node| match &node.data().value {
        NodeValue::Image(image) => image_file(library.link(file, &image.url)),
        _ => None,
    });
    found.collect()
}

pub(super) fn draw(text: &str, file: &str, around: &Around<'_>) -> Result<Drawn, TooIntricate> {
    if is_steep(text) {
        return Err(TooIntricate);
    }
    let (arena, options) = (Arena::new(), options());
    let root = parse_document(&arena, &as_alerts(text), &options);
    if is_deeper(root, MOST_DEPTH) {
        return Err(TooIntricate);
    }
    let Outline { title, headings, sections } = outline(root);
    let anchors: Vec<String> = headings.iter().map(|heading| heading.anchor.clone()).collect();
    let page = Page { file, around, anchors: anchors.into_iter() };
    let (mut html, plugins) = (String::new(), Plugins::default());
    format_document_with_formatter(root, &options, &mut html, &plugins, format, page).map_err(|_| TooIntricate)?;
    if html.len() > MOST_HTML {
        return Err(TooIntricate);
    }
    let headings = headings.into_iter().filter(|heading| !heading.text.is_empty()).collect();
    Ok(Drawn { title, html: clean(&html), headings, sections })
}

struct Page<'a> {
    file: &'a str,
    around: &'a Around<'a>,
    anchors: std::vec::IntoIter<String>,
}

fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.strikethrough = true;
    extension.table = true;
    extension.autolink = true;
    extension.tasklist = true;
    extension.footnotes = true;
    extension.alerts = true;
    extension.front_matter_delimiter = Some("---".to_owned());
    options
}

/// A line that opens so many quotes and lists takes long to read, however short it is.
fn is_steep(text: &str) -> bool {
    let marks = |line: &str| {
        let opening = line.bytes().take_while(|byte| b" \t>-+*.)0123456789".contains(byte)).collect::<Vec<_>>();
        let is_mark = |pair: &[u8]| pair[0] == b'>' || b"-+*.)".contains(&pair[0]) && matches!(pair[1], b' ' | b'\t');
        opening.windows(2).filter(|pair| is_mark(pair)).count()
    };
    text.lines().any(|line| marks(line) > MOST_DEPTH)
}

fn is_deeper(root: Node<'_>, most: usize) -> bool {
    let mut depth = 0_usize;
    root.traverse().any(|edge| {
        match edge {
            comrak::arena_tree::NodeEdge::Start(_) => depth += 1,
            comrak::arena_tree::NodeEdge::End(_) => depth -= 1,
        }
        depth > most
    })
}

fn format<'a>(
    context: &mut Context<'_, '_, Page<'_>>,
    node: Node<'a>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    match &node.data().value {
        NodeValue::Heading(heading) => {
            let level = heading.level.max(2);
            if entering {
                let anchor = context.user.anchors.next().unwrap_or_default();
                context.cr()?;
                write!(context, "<h{level} id=\"")?;
                context.escape(&anchor)?;
                context.write_str("\">")?;
            } else {
                writeln!(context, "</h{level}>")?;
            }
        }
        NodeValue::Link(link) => return linked(context, &link.url, entering),
        NodeValue::Image(image) => return pictured(context, node, &image.url, entering),
        NodeValue::CodeBlock(block) if entering => code(context, block)?,
        NodeValue::CodeBlock(_) => {}
        NodeValue::Table(_) => {
            if entering {
                context
                    .write_str("\n<div class=\"docs-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table\">")?;
            }
            format_node_default(context, node, entering)?;
            if !entering {
                context.write_str("</div>\n")?;
            }
        }
        NodeValue::TaskItem(task) => {
            let (sign, word) = if task.symbol.is_some() { ("☑", "Done") } else { ("☐", "To do") };
            match entering {
                true => write!(context, "<li class=\"task\"><span role=\"img\" aria-label=\"{word}\">{sign}</span> ")?,
                false => context.write_str("</li>\n")?,
            }
        }
        // A line end in a table has no other form.
        NodeValue::HtmlInline(tag) if entering && is_break(tag) => context.write_str("<br />")?,
        NodeValue::HtmlInline(_) | NodeValue::HtmlBlock(_) | NodeValue::Raw(_) => {}
        _ => return format_node_default(context, node, entering),
    }
    Ok(ChildRendering::HTML)
}

fn is_break(tag: &str) -> bool {
    let inner = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim();
    inner.eq_ignore_ascii_case("br")
}

fn code(context: &mut Context<'_, '_, Page<'_>>, block: &NodeCodeBlock) -> fmt::Result {
    let language = block.info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    context.cr()?;
    context.write_str("<div class=\"docs-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Code")?;
    if !language.is_empty() {
        context.write_str(" in ")?;
        context.escape(language)?;
    }
    context.write_str("\"><pre><code")?;
    if !language.is_empty() {
        context.write_str(" class=\"language-")?;
        context.escape(language)?;
        context.write_str("\"")?;
    }
    context.write_str(">")?;
    context.escape(&block.literal)?;
    context.write_str("</code></pre></div>\n")
}

/// Where a link leads in the stored page; none where it must not lead anywhere.
fn address(page: &Page<'_>, link: &Link) -> Option<String> {
    Some(match link {
        Link::Page { address, anchor } => {
            let place =
                if address.is_empty() { "docs:home".to_owned() } else { format!("docs:page/{}", encoded(address)) };
            let anchor = anchor.as_ref().map(|anchor| format!("#docs-{}", encoded(anchor)));
            format!("{place}{}", anchor.unwrap_or_default())
        }
        Link::Here(anchor) => format!("#docs-{}", encoded(anchor)),
        Link::File(path) => format!("{}{}", page.around.host?, encoded(path)),
        Link::Web(address) => address.clone(),
        Link::Nowhere => return None,
    })
}

fn linked(context: &mut Context<'_, '_, Page<'_>>, target: &str, entering: bool) -> Result<ChildRendering, fmt::Error> {
    let page = &context.user;
    match address(page, &page.around.library.link(page.file, target)) {
        Some(address) if entering => {
            context.write_str("<a href=\"")?;
            context.escape(&address)?;
            context.write_str("\">")?;
        }
        Some(_) => context.write_str("</a>")?,
        None => {}
    }
    Ok(ChildRendering::HTML)
}

fn image_file(link: Link) -> Option<String> {
    match link {
        Link::File(path) => {
            let lower = path.to_ascii_lowercase();
            IMAGES.iter().any(|ending| lower.ends_with(ending)).then_some(path)
        }
        _ => None,
    }
}

/// Images of the repository are shown; every other one is a link with its words.
fn pictured<'a>(
    context: &mut Context<'_, '_, Page<'_>>,
    node: Node<'a>,
    target: &str,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let page = &context.user;
    let link = page.around.library.link(page.file, target);
    let hash = image_file(link.clone()).and_then(|file| page.around.images.get(&file).cloned());
    if let Some(hash) = hash {
        match entering {
            true => write!(context, "<img src=\"docs:image/{hash}\" alt=\"")?,
            false => context.write_str("\" loading=\"lazy\" />")?,
        }
        return Ok(ChildRendering::Plain);
    }
    let is_in_link = node.ancestors().skip(1).any(|above| matches!(above.data().value, NodeValue::Link(_)));
    let address = address(page, &link).filter(|_| !is_in_link);
    if let (Some(address), true) = (&address, entering) {
        context.write_str("<a class=\"image-link\" href=\"")?;
        context.escape(address)?;
        context.write_str("\">")?;
    }
    if entering && node.first_child().is_none() {
        context.write_str("Image")?;
    }
    if address.is_some() && !entering {
        context.write_str("</a>")?;
    }
    Ok(ChildRendering::Plain)
}
