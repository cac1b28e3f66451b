"""The mathematics: features, models, per-person clipping, noise, masked sums, accounting."""
