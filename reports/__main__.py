"""`python -m paramlaws.reports`."""

import sys

from paramlaws.reports.cli import main

sys.exit(main())
