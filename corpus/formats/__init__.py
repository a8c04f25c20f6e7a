"""Reads a statement file: refuses other formats, detects the encoding, decodes the text."""
