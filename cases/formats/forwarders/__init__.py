"""What phones and their programs send on: bodies, shapes, wordings, clocks and signatures (facts.md, 'SMS forwarders').

`body` reads bytes as fields, `shapes` makes the fields of one message of what each program nests elsewhere, `wording`
takes the message out of a program's own text around it, `moments` reads dates, `payloads` puts them together, and
`signatures` says whether the sender knew the secret. Whoever chose the wrong kind of program on the page loses nothing:
all shapes are read at every address.
"""
