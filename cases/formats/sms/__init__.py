"""Reading what carriers write by SMS: `reader.read_sms` says what a message means, and by which words."""
