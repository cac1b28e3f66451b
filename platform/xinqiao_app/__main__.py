"""Run the command line with `python -m xinqiao_app`."""

import sys

from xinqiao_app.cli import main

sys.exit(main())
