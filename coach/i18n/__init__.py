"""Every sentence by language."""
