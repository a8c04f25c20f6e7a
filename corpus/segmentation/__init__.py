"""From text to passages and sentences, as offsets."""
