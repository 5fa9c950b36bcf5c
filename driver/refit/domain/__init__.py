"""Pure rules and words that both programs share; the standard library alone, and nothing else of Refit."""
