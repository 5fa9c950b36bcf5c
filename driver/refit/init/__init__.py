"""Creates a repository for a team's own pipelines, and updates its generated files to the installed version."""
