"""Which list is the best under quotas, and how is that proven? Programmes of candidates and rows, and their solver."""
