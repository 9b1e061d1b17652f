-- The names in the header of each file that was read; not known of those that were read before.
alter table load add column if not exists column_names varchar[];
