"""Forms: fields, and the sentences for input that is refused."""
