"""What goes out and comes in as files: inquiry numbers, letters, request files, layouts of replies."""
