-- Repositories that a catalog file describes are looked into for those who look after them as well.
update catalog_repository set changed = '' where has_file;
