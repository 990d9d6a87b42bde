"""`python -m paramlaws.faults`: `paramlaws faults`, by an interpreter that is named."""

from paramlaws.faults.cli import faults

if __name__ == "__main__":
    faults(prog_name="paramlaws faults")
