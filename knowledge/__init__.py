"""Knowledge: a claim in, its receipt out. Synchronous, and knows nothing of Discord."""
