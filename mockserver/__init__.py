"""A mock server made from an OpenAPI document."""
