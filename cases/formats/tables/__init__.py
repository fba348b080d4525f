"""Tables of cards as offices keep them, read whole: files to sheets, sheets to rows, rows to cards. Pure."""
