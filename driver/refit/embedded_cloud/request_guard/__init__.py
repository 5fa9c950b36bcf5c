"""Answers requests that a service cannot read, or that cannot be saved, with the service's own error.

ministack answers most of them with status 500, or not at all: bodies that are no JSON or XML, members of a wrong type,
bodies without end.
"""
