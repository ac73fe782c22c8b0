"""The commands: gather options, call the library, hand the value to a format, return an exit code."""
