"""What a data folder stores: the database, and the search arrays that are made from it."""
