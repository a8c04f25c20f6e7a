"""What is kept on disk: the database, and the arrays that search reads."""
