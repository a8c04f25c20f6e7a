"""`python -m qa` is `shutten`."""

import sys

from qa.cli import main

sys.exit(main())
