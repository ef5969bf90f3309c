"""Start the program from a checkout: ``python main.py [PHOTO...]``."""

import sys

from meticulous_gui.__main__ import main

if __name__ == "__main__":
    from multiprocessing import freeze_support

    freeze_support()
    sys.exit(main())
