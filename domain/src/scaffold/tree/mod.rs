//! Files in memory and the commit that is made of them. Nothing here meets a file system, so no path can leave it.

mod commit;
mod file_tree;
mod message;
mod rel_path;

pub use commit::{CommitId, CommitSpec, CommitTime, Content, NotACommitId};
pub use file_tree::{FileContent, FileTree, MAX_FILE_BYTES, MAX_FILES, MAX_TREE_BYTES, TreeError, TreeFault};
pub use message::{CommitMessage, OneLine, Signature, TextError, run_id_in};
pub use rel_path::{PathError, PathFault, RelPath};
