"""Reads Word files (DOCX, DOCM): their text as Word shows it, with the numbers of its lists."""
