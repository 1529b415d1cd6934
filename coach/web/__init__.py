"""The local page: its server, socket, uploads, security and static files."""
