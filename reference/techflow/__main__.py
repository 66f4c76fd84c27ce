"""`python -m techflow` is the command `techflow`."""

import sys

from techflow.cli import main

sys.exit(main())
