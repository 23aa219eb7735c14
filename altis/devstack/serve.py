"""`python -m altis.devstack.serve`: granian's command line, with libuv told to leave io_uring alone.

With it a kernel thread per process polls beside the event loop: on two cores searches were a third slower
(docs/lane.md). libuv reads the variable when the first loop is made, which is before the application is loaded.
"""

import os
import runpy

if __name__ == "__main__":
    os.environ.setdefault("UV_USE_IO_URING", "0")
    runpy.run_module("granian", run_name="__main__")
