"""Measures the quality of data by a contract, with pyarrow, in the driver and in the Lambdas.

Imports only refit.domain, the standard library and pyarrow.
"""
