"""Sessions for a physiotherapist: one file to hand over, a history of many people, and what changed beyond error."""
