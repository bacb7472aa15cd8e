"""Schemas: what they mean in JSON Schema 2020-12, how their values are laid out, what breaks them, in words."""
