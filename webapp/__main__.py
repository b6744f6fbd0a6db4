"""`python -m webapp` is the `maillage` command."""

from webapp.commands import main

if __name__ == "__main__":
    main()
