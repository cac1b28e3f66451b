"""The verifier's numbered checks, by what they look at."""
