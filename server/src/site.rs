//! The built front end: hashed files under `/pkg`, named by a manifest.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use app::shell::Assets;
use axum::Router;
use http::{HeaderValue, header::CACHE_CONTROL};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// The folder and the names of what pages link to.
#[derive(Clone, Debug)]
pub struct Site {
    pub assets: Arc<Assets>,
    pkg_dir: Arc<Path>,
}

#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("WAYMARK_SITE_DIR: {path} cannot be read ({error}); build the front end with `cargo xtask run`")]
    Manifest { path: String, error: String },
    #[error("WAYMARK_SITE_DIR: the manifest does not name {0}; build the front end again")]
    Missing(&'static str),
}

impl Site {
    /// Reads `pkg/manifest.json`, which maps plain names to hashed ones.
    pub fn read(site_dir: &Path) -> Result<Self, SiteError> {
        let pkg_dir = site_dir.join("pkg");
        let path = pkg_dir.join("manifest.json");
        let unreadable = |error: String| SiteError::Manifest { path: path.display().to_string(), error };
        let text = std::fs::read_to_string(&path).map_err(|e| unreadable(e.to_string()))?;
        let names: BTreeMap<String, String> = serde_json::from_str(&text).map_err(|e| unreadable(e.to_string()))?;
        let hashed =
            |name: &'static str| names.get(name).map(|file| format!("/pkg/{file}")).ok_or(SiteError::Missing(name));
        let assets = Assets {
            css: hashed("waymark.css")?,
            js: hashed("waymark.js")?,
            wasm: hashed("waymark.wasm")?,
            font: hashed("inter.woff2")?,
        };
        Ok(Self::of(assets, pkg_dir))
    }

    /// A front end whose names are known already.
    pub fn of(assets: Assets, pkg_dir: impl AsRef<Path>) -> Self {
        Self { assets: Arc::new(assets), pkg_dir: pkg_dir.as_ref().into() }
    }

    /// Serves the files, compressed ahead of time. Their names change with their contents, so browsers keep them.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let files = ServeDir::new(&self.pkg_dir)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let keep = SetResponseHeaderLayer::overriding(CACHE_CONTROL, keep_what_exists);
        Router::new().nest_service("/pkg", tower::ServiceBuilder::new().layer(keep).service(files))
    }
}

fn keep_what_exists<B>(response: &http::Response<B>) -> Option<HeaderValue> {
    response.status().is_success().then(|| HeaderValue::from_static("public, max-age=31536000, immutable"))
}
