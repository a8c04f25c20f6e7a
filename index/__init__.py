"""From statements to ranked sentences: models, storage, building and search."""
