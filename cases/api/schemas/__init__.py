"""What the API is sent and answers: pydantic schemas."""
