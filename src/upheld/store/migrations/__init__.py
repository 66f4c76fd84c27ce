"""The schema, step by step: small migrations that only go forward."""
