"""Results against truth: how right the coach is, on clips whose truth is known."""
