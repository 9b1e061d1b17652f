select * from whole.main.fct_segment semi join chosen_item using (item_id)
