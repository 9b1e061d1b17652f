-- One row per item with words and outcome, each as a share of its scale: 0 worst, 1 best.
unpivot (
    select
        item_id,
        cluster_id,
        rating_share as rating,
        nps / 10 as nps,
        csat,
        (valence + 2) / 4 as valence
    from published.main.fct_item
    where n_segments > 0
)
on rating, nps, csat, valence
into name outcome value score
