"""The command line `mulu`: one file for each family of verbs."""
