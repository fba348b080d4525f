"""What several entrances promise together."""
