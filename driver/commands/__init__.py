"""One verb of the command line a file. Each takes values, does the work and returns values; cli.py parses and prints."""
