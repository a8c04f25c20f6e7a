"""The answer as data: quotes, places, facts."""
