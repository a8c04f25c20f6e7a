"""Vector stores: they find the vectors that are nearest to another one."""
