"""`python -m fediterr` is `fediterr`."""

from fediterr.app import main

main()
