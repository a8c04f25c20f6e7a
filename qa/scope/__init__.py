"""Which statements a question means: by date, parties, occasion, name and time."""
