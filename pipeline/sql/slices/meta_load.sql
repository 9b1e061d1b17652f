-- A record that became no item has no week and no segment, so none of those is here.
select * from whole.main.meta_load semi join chosen_item using (item_id)
