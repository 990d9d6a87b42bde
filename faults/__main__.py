"""`python -m paramlaws.faults`: runs `paramlaws faults` with a given interpreter."""

from paramlaws.faults.cli import faults

if __name__ == "__main__":
    faults(prog_name="paramlaws faults")
