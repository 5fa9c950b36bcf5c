"""Writes a repository for a team's own pipelines, and brings its generated files to the installed version."""
