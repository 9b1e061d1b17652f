select * from whole.main.fct_item_theme semi join chosen_item using (item_id)
