select model_id, model_name, family, parameters_billion, prompt_price_usd, completion_price_usd, released_on
from {{ ref('stg_inference__models') }}
