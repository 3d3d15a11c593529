"""`python -m aishare`."""

from aishare.cli.main import main

if __name__ == "__main__":
    main()
