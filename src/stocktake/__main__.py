"""`python -m stocktake` is the command `stocktake`."""

from stocktake.cli.start import main

main()
