"""Commands: arguments, a loop, signals."""
