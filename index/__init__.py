"""From passages to scored hits: encoders, vectors, words, storage, search."""
