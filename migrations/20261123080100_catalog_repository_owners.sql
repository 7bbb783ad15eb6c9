-- Who looks after a repository that no catalog file describes: whom its code owners file names for every file, as full
-- references, and the addresses of those who committed last, each as often as they did.
alter table catalog_repository
    add column code_owners text[] not null default '{}',
    add column authors     text[] not null default '{}';
-- They are looked into once more.
update catalog_repository set changed = '' where not has_file;
