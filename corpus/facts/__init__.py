"""What is known about a statement besides its text: date, parties, occasion, title and so on."""
