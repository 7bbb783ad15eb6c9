//! What is in a repository: the same at every host, and never behind what was pushed.

use std::collections::{BTreeMap, BTreeSet};

use domain::scaffold::tree::{RelPath, run_id_in};
use time::OffsetDateTime;

use super::{
    WorkRepo, explain, process,
    work_repo::{REMOTE_NAME, SMALL_OUTPUT, Wanted},
};
use crate::{
    Error, Result,
    git_host::{CommitRow, FileAt, FileKind, FileList, FileRow, Revision},
};

const AT: &str = "refs/waymark/at";
const MOST_LISTED: usize = 4 * 1024 * 1024;
const MOST_FILES: usize = 10_000;
const MOST_COMMITS: u8 = 50;
/// Files whose contents are asked for together.
const TOGETHER: usize = 100;
/// Id, author with address, seconds since the epoch and message, each ended by a zero byte, which no part can hold.
const LOG_FORMAT: &str = "--format=tformat:%H%x00%an%x00%ae%x00%at%x00%B%x00";
const LOG_FIELDS: usize = 5;

impl WorkRepo<'_> {
    pub(in crate::git_host) async fn read_files(
        &self,
        at: &Revision,
        paths: &[RelPath],
        most: usize,
    ) -> Result<Vec<FileAt>> {
        match self.bring(at, Wanted::Folders).await {
            Ok(()) => {}
            Err(Error::NotFound) => return Ok(vec![FileAt::Missing; paths.len()]),
            Err(error) => return Err(error),
        }
        let mut found = Vec::with_capacity(paths.len());
        for chunk in paths.chunks(TOGETHER) {
            let fixed = ["ls-tree", "-z", "--full-tree", AT, "--"];
            let command = self.command(fixed.into_iter().chain(chunk.iter().map(RelPath::as_str)));
            let listed = process::run(command, Vec::new(), self.limits(MOST_LISTED)).await?;
            self.succeeded("ls-tree", &listed)?;
            let listed = String::from_utf8_lossy(&listed.stdout);
            let entries: BTreeMap<&str, Entry<'_>> =
                listed.split('\0').filter_map(Entry::parse).map(|entry| (entry.path, entry)).collect();
            self.bring_contents(entries.values().filter(|entry| entry.is_file()).map(|entry| entry.id)).await?;
            for path in chunk {
                found.push(match entries.get(path.as_str()).filter(|entry| entry.is_file()) {
                    Some(entry) => self.read_content(entry.id, most).await?,
                    None => FileAt::Missing,
                });
            }
        }
        Ok(found)
    }

    /// The fetch left contents out. Many are asked for at once; what is not brought by that comes one by one.
    async fn bring_contents<'s>(&self, ids: impl Iterator<Item = &'s str>) -> Result<()> {
        let ids: BTreeSet<&str> = ids.collect();
        if ids.len() > 1 {
            // Told what is there already, the host would leave out what belongs to it.
            let fixed =
                ["-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];
            let fixed = fixed.into_iter().chain(["--no-recurse-submodules", "--filter=blob:none", "--", REMOTE_NAME]);
            let output = self.talk(fixed.chain(ids), SMALL_OUTPUT).await?;
            if !output.is_success() {
                self.log("fetch", &output);
            }
        }
        Ok(())
    }

    async fn read_content(&self, id: &str, most: usize) -> Result<FileAt> {
        let output = self.talk(["cat-file", "blob", id], most).await?;
        if output.is_cut {
            return Ok(FileAt::TooLarge);
        }
        if !output.is_success() {
            self.log("cat-file", &output);
            return Err(explain(&output.stderr));
        }
        Ok(FileAt::Bytes(output.stdout))
    }

    pub(in crate::git_host) async fn list_files(&self, at: &Revision) -> Result<FileList> {
        self.bring(at, Wanted::Folders).await?;
        let command = self.command(["ls-tree", "-r", "-z", "--full-tree", AT]);
        let output = process::run(command, Vec::new(), self.limits(MOST_LISTED)).await?;
        if !output.is_cut {
            self.succeeded("ls-tree", &output)?;
        }
        let text = String::from_utf8_lossy(&output.stdout);
        // What follows the last zero byte is empty, or cut.
        let complete = text.rsplit_once('\0').map_or("", |(complete, _)| complete);
        let mut rows = complete.split('\0').filter_map(Entry::parse).map(Entry::row);
        let files: Vec<FileRow> = rows.by_ref().take(MOST_FILES).collect();
        Ok(FileList { files, is_complete: !output.is_cut && rows.next().is_none() })
    }

    pub(in crate::git_host) async fn list_commits(&self, at: &Revision, most: u8) -> Result<Vec<CommitRow>> {
        let most = most.clamp(1, MOST_COMMITS);
        self.bring(at, Wanted::Commits(usize::from(most))).await?;
        let count = format!("--max-count={most}");
        let command = self.command(["log", &count, "--no-show-signature", LOG_FORMAT, AT, "--"]);
        let output = process::run(command, Vec::new(), self.limits(MOST_LISTED)).await?;
        if !output.is_cut {
            self.succeeded("log", &output)?;
        }
        let text = String::from_utf8_lossy(&output.stdout);
        let fields: Vec<&str> = text.split('\0').collect();
        fields.chunks_exact(LOG_FIELDS).map(commit_row).collect()
    }

    /// A repository without commits is [`Error::NotFound`] too.
    async fn bring(&self, at: &Revision, wanted: Wanted) -> Result<()> {
        self.fetch(&[format!("+{}:{AT}", at.full())], wanted).await
    }
}

/// A line of `git ls-tree -z`: `MODE TYPE ID<tab>PATH`.
struct Entry<'a> {
    kind: FileKind,
    id: &'a str,
    path: &'a str,
}

impl<'a> Entry<'a> {
    fn is_file(&self) -> bool {
        matches!(self.kind, FileKind::Plain | FileKind::Executable)
    }

    /// None for folders.
    fn parse(line: &'a str) -> Option<Self> {
        let (about, path) = line.split_once('\t')?;
        let mut about = about.split(' ');
        let kind = match about.next()? {
            "100644" | "100664" => FileKind::Plain,
            "100755" => FileKind::Executable,
            "120000" => FileKind::SymbolicLink,
            "160000" => FileKind::Submodule,
            _ => return None,
        };
        Some(Self { kind, id: about.nth(1)?, path })
    }

    fn row(self) -> FileRow {
        FileRow { path: self.path.to_owned(), kind: self.kind, id: self.id.to_owned() }
    }
}

fn commit_row(fields: &[&str]) -> Result<CommitRow> {
    let [id, author, email, seconds, message] = fields else {
        return Err(Error::internal("git log gave half a commit"));
    };
    let at = seconds.parse().ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    Ok(CommitRow {
        // A line end stands between two commits.
        id: id.trim_start().parse().map_err(|_| Error::internal("git log gave no commit id"))?,
        author: (*author).to_owned(),
        email: (*email).to_owned(),
        // A made-up date must not hide a commit.
        at: at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        subject: message.lines().next().unwrap_or_default().to_owned(),
        run: run_id_in(message),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_with_any_path() {
        let entry = Entry::parse("120000 blob 0123\ta\tb \n\"c").unwrap();
        assert_eq!((entry.kind, entry.id, entry.path), (FileKind::SymbolicLink, "0123", "a\tb \n\"c"));
        assert!(Entry::parse("040000 tree 0123\ta").is_none());
        assert!(Entry::parse("").is_none());
    }

    #[test]
    fn a_made_up_date_does_not_hide_a_commit() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        let row = commit_row(&[&format!("\n{id}"), "a", "a@b", "99999999999999999999", "s\n\nbody"]).unwrap();
        assert_eq!((row.id.as_str(), row.at, row.subject.as_str()), (id, OffsetDateTime::UNIX_EPOCH, "s"));
    }
}
