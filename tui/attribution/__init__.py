"""Numbers in, Attribution out: how much of a move was index, sector and own, and how unusual the own part is."""
