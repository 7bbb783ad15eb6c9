//! Golden paths: folders of files that are read, checked and rendered into the tree of a new repository, and the versions
//! of them that are published.

mod actions;
mod choices;
mod drafts;
mod fetch;
mod input;
mod lint;
mod notes;
mod plan;
mod source;
mod store;

use domain::golden_paths::{Finding, Node, TEMPLATE_FILE, Template};

pub use choices::{EntityChoice, entity_choices, owner_choices};
pub(crate) use domain::yaml::read_long as read_long_yaml;
pub use domain::yaml::{Fault as YamlFault, read as read_yaml};
pub use drafts::{Draft, DraftSummary, discard_draft, find_draft, list_drafts, save_draft};
pub use lint::lint;
pub use plan::{PathPlan, PlanError, PlannedStep, StepFate, plan};
pub use source::{PathFiles, SourceFile};
pub(crate) use store::load;
pub use store::{PathSummary, PathVersion, Published, find, list, publish, template};

/// One path whose document could be read.
#[derive(Clone, Debug)]
pub struct GoldenPath {
    pub template: Template,
    pub files: PathFiles,
    document: Node,
}

impl GoldenPath {
    /// Reads the document among the files, or says why it is none.
    pub fn read(files: PathFiles) -> Result<Self, Vec<Finding>> {
        let document = files.document()?;
        let template = Template::read(&document)?;
        Ok(Self { template, files, document })
    }

    /// The text of the document, for the places in it.
    fn source(&self) -> &str {
        self.files.text(TEMPLATE_FILE).unwrap_or_default()
    }
}
