"""`python -m consult`: the same as the console command."""

from .command import main

main()
