"""Which entries a period takes, so that nothing dated in it can stand outside: bounds, and what they rest on.

The operator's own events are marks of time in the log, whose order cannot be moved once witnesses cosigned.
Around a mark of time T the time rule (`checks.clocks`) says:

- an event logged before the mark is dated at most SKEW_S after T;
- a release of a good step logged after it is dated at most LATE_S before T: it came with the answer that
  counted, and no step waits longer for one.

So a period takes the contiguous entries from the operator's last event dated more than SKEW_S before it (or
the log's first entry) to his first one dated LATE_S after it, both included. Where there is no such one yet,
it takes all up to the checkpoint, and is proven only if independent witnesses, as many as the trust file asks
for, cosigned that checkpoint LATE_S after the period or later. Else it is open: an older head would hide
whatever was logged since.

Proven by a bundle that passes: this is the log between the two marks, in its order, with nothing left out. A
release of a good step that is dated in the period and stands elsewhere breaks the time rule there, and every
bundle that shows it with its step says so.

Not proven: that the operator's clock was right, beyond this: no entry is dated after the last of the
witnesses' cosignatures (check 9). Nor where a date was moved by less than SKEW_S, or by less than LATE_S in a
journal that had nothing of a later date. Nor that departments told at once of the rest (charges and releases
whose answer was lost, imports, confirmations, approvals, local use, the end of a job): they tell it with
their next answer, however late, and only their own journal's order bounds its date. What reached the log
after the last mark stands in a later period's bundle.
"""

SKEW_S = 300
"""So far two honest clocks may be apart."""

LATE_S = 3 * 86_400
"""So long the release of a step that counted may wait for the log."""
