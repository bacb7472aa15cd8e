"""Modules that scripts written for the official SDK import by this path."""
