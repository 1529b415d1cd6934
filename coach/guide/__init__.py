"""The guided programme: set-up, talk-through, counting, pauses, pain and summary."""
