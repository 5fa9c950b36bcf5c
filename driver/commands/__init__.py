"""One verb of the command line a file: takes values, does the work, returns values. cli.py parses and prints."""
