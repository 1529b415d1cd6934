"""One file a face: the window, the annotated video, the voice, the table. A face sees moments and no other face."""
