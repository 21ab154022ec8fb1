"""Numbers in, Attribution out: how much of a move was index, sector and own, and how unusual the own part is.

`split.attribute` is the whole method in one call; `book.Book` does the same for many days and remembers them.
"""
