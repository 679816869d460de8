"""Who decided? Review rounds, decisions, membership and objections, all on the ledger."""
