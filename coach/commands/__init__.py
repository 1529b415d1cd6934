"""The commands of the command line, one module each. Nothing heavy is imported until a command runs."""
