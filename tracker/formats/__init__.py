"""How Django writes dates, by language, where its own way is not ours (FORMAT_MODULE_PATH)."""
