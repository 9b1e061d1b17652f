select distinct alert_id
from mart_alert
order by alert_id
