"""Texts, tables and pages for people: takes values, returns text, Markdown or renderables of rich."""
