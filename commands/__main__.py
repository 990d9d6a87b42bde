"""`python -m paramlaws.commands`: `paramlaws`, by an interpreter that is named."""

from paramlaws.commands import main

main(prog_name="paramlaws")
