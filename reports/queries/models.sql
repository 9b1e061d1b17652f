select model_id, model_role, description, licence, sha256
from dim_model
order by model_role, model_id
