"""Measures large libraries, whose passages are recombined from those of a real one."""
