select * from whole.main.fct_item semi join chosen_item using (item_id)
