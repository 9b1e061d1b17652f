select
    columns.table_name,
    tables.comment as table_comment,
    columns.column_name,
    columns.column_type,
    columns.meaning
from meta_column as columns
left join duckdb_tables() as tables on tables.table_name = columns.table_name
order by columns.table_name, columns.column_name
