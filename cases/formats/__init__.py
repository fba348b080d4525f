"""What comes from and goes to the outside as bytes or text: messages, tables, files, addresses. Pure."""
