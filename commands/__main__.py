"""`python -m paramlaws.commands`: runs `paramlaws` with a given interpreter."""

from paramlaws.commands import main

main(prog_name="paramlaws")
