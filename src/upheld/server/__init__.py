"""The running server: its settings, its products with their definitions and evidence, and the writer of its records."""
