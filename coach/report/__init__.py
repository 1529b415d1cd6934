"""What a report says and shows, from a result and its track: pure, apart from drawing. ``coach.faces.report`` writes it."""
