//! Texts and images from where a source is read, no more than there is room for.

use sha2::{Digest, Sha256};

use crate::{
    Result,
    catalog::reading::{Found, Shelf},
};

pub(super) const MOST_PAGE: usize = 512 << 10;
pub(super) const MOST_IMAGE: usize = 1 << 20;
/// Of all texts of one reading, in bytes.
const MOST_TEXTS: usize = 32 << 20;
/// Of all images of one reading, in bytes.
const MOST_IMAGES: usize = 20 << 20;
/// Files that are asked for together.
const CHUNK: usize = 100;

/// What is left of the room.
pub(super) struct Files<'a, S> {
    shelf: &'a S,
    texts: usize,
    images: usize,
}

/// Why a file is left out, as the end of a sentence that begins with its name.
type LeftOut = &'static str;
pub(super) type Taken<T> = std::result::Result<T, LeftOut>;

const MISSING: LeftOut =
    "is not there, or has a name that is not read. Put it there, with letters, digits, - and _ in its name.";
const TOO_LARGE_PAGE: LeftOut = "has more than 512 KiB and was left out. Divide it.";
const TOO_LARGE_IMAGE: LeftOut = "has more than 1 MiB and is not shown. Make it smaller.";
const NO_ROOM: LeftOut = "was left out, because there is more documentation here than is read: 32 MiB of pages and 20 MiB of \
                          images. Take out what nobody needs.";
const NOT_TEXT: LeftOut = "is not UTF-8 and was left out. Save it in that encoding.";
const NO_IMAGE: LeftOut = "is not shown: it is no PNG, JPEG, GIF or WebP. Save it as one of these.";

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) hash: String,
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl<'a, S: Shelf> Files<'a, S> {
    pub(super) fn of(shelf: &'a S) -> Self {
        Self { shelf, texts: MOST_TEXTS, images: MOST_IMAGES }
    }

    /// Whether a file is there, with its text.
    pub(super) async fn maybe(&mut self, paths: &[String]) -> Result<Vec<Option<Taken<String>>>> {
        let mut all = Vec::with_capacity(paths.len());
        for chunk in paths.chunks(CHUNK) {
            let found = self.shelf.read(chunk, MOST_IMAGE).await?;
            all.extend(found.into_iter().map(|found| match found {
                Found::Missing | Found::Outside | Found::Link => None,
                Found::TooLarge => Some(Err(TOO_LARGE_PAGE)),
                Found::Bytes { bytes, .. } => Some(self.text(bytes)),
            }));
        }
        Ok(all)
    }

    /// In the order of the paths.
    pub(super) async fn texts(&mut self, paths: &[String]) -> Result<Vec<Taken<String>>> {
        let found = self.maybe(paths).await?;
        Ok(found.into_iter().map(|text| text.unwrap_or(Err(MISSING))).collect())
    }

    fn text(&mut self, bytes: Vec<u8>) -> Taken<String> {
        if bytes.len() > MOST_PAGE {
            return Err(TOO_LARGE_PAGE);
        }
        self.texts = self.texts.checked_sub(bytes.len()).ok_or(NO_ROOM)?;
        // No database keeps the character NUL.
        String::from_utf8(bytes).map(|text| text.replace('\0', "\u{fffd}")).map_err(|_| NOT_TEXT)
    }

    /// In the order of the paths. What is not there is nothing: a page shows its words instead.
    pub(super) async fn images(&mut self, paths: &[String]) -> Result<Vec<Option<Taken<Image>>>> {
        let mut all = Vec::with_capacity(paths.len());
        for chunk in paths.chunks(CHUNK) {
            let found = self.shelf.read(chunk, MOST_IMAGE).await?;
            all.extend(found.into_iter().map(|found| match found {
                Found::Missing | Found::Outside | Found::Link => None,
                Found::TooLarge => Some(Err(TOO_LARGE_IMAGE)),
                Found::Bytes { bytes, .. } => Some(self.image(bytes)),
            }));
        }
        Ok(all)
    }

    fn image(&mut self, bytes: Vec<u8>) -> Taken<Image> {
        if bytes.len() > MOST_IMAGE {
            return Err(TOO_LARGE_IMAGE);
        }
        let kind = kind(&bytes).ok_or(NO_IMAGE)?;
        self.images = self.images.checked_sub(bytes.len()).ok_or(NO_ROOM)?;
        Ok(Image { hash: hex::encode(Sha256::digest(&bytes)), kind, bytes })
    }
}

/// By its first bytes, whatever it is called. Drawings with scripts in them (SVG) are none.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}
