"""The evidence: events, Merkle tree, log, checkpoints, witnesses, anchors, bundles and their verifier."""
