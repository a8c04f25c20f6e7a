"""`python -m cli` is `shutten`."""

import sys

from cli.main import main

sys.exit(main())
