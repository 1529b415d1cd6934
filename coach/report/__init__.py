"""What a report says and shows, from a result and its track. ``coach.faces.report`` writes it."""
