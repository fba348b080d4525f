"""Reading what carriers write by SMS: `reader.read` says what a message means, and by which words."""
