"""Pure decisions: tiers, catalogue, policy, budgets, contracts, wire types, errors. No I/O, no clock."""
