"""Token vectors in 4 bits a value.

A token vector of length 1 is stored as whole numbers from -7 to 7, two in a byte, with one scale
for all of them. The products of such vectors differ from the exact ones by about 0.01, which does
not change how passages are ranked (`docs/performance.md` has the figures).
"""

from __future__ import annotations

LARGEST_CODE = 7
