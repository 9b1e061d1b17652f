select * from whole.main.fct_own_tag semi join published.main.fct_segment using (segment_id)
