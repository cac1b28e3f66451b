"""What is unsafe at a department now, for its steward: read only, and as far as can be seen.

`disk.py` looks at files, keys and backups, `machine.py` at the machine, `books.py` at the book, and
`inside.py` at what only an open home tells. Each finds facts and what to do; none changes anything.
"""

from xinqiao_clients.checkup.finding import Finding, Severity
from xinqiao_clients.checkup.look import Checkup, check_up
from xinqiao_clients.checkup.machine import Machine

__all__ = ["Checkup", "Finding", "Machine", "Severity", "check_up"]
