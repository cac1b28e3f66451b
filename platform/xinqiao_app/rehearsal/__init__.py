"""A rehearsal: the real embedded protocol on a public or own table, to see what an ε costs beforehand."""
