"""The crash matrix."""

import pytest

pytest.register_assert_rewrite("tests.crash.play")  # its assertions say what they have found
