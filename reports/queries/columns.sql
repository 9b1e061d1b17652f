select table_name, column_name, meaning
from meta_column
order by table_name, column_name
