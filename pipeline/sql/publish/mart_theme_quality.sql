select
    theme_id,
    n_sentences,
    cohesion,
    separation,
    share_low_confidence
from theme_quality
