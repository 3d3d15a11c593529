"""The command line: starts things; argument parsing and printing only."""
