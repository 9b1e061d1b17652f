select
    columns.table_name,
    tables.comment as table_comment,
    columns.column_name,
    columns.data_type as column_type,
    columns.comment as meaning
from duckdb_columns() as columns
inner join duckdb_tables() as tables using (table_oid)
where not columns.internal
order by columns.table_name, columns.column_index
