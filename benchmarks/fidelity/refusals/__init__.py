"""Requests that AWS refuses, one file a service, each with the error that AWS documents or was seen to answer."""
