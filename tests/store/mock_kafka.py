"""librdkafka's own mock cluster: a broker in this process that fails on command, one order at a time."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_int, c_size_t, c_void_p, create_string_buffer
from pathlib import Path
from typing import Final

import confluent_kafka

PRODUCE: Final = 0  # keys of requests, from Kafka's protocol guide
FETCH: Final = 1
METADATA: Final = 3
INIT_PRODUCER_ID: Final = 22
_PRODUCER: Final = 0
_TEXT = 512


class MockKafka:
    """A running cluster of one broker. What it answers with an error it has not written."""

    def __init__(self, library: ctypes.CDLL, cluster: int) -> None:
        self._library = library
        self._cluster = c_void_p(cluster)
        self.address: str = self._call("cluster_bootstraps", result=c_char_p).decode()

    def topic(self, name: str, *, partitions: int = 1) -> None:
        """Make a topic. One that is only asked for gets four partitions."""
        self._call("topic_create", name.encode(), c_int(partitions), c_int(1))

    def answer(self, request: int, *errors: int) -> None:
        """Answer the next requests of this kind with these error codes (0: as usual), in this order."""
        codes = (c_int * len(errors))(*errors)
        self._call("push_request_errors_array", ctypes.c_int16(request), c_size_t(len(errors)), codes)

    def forget_errors(self, request: int) -> None:
        """Answer as usual again."""
        self._call("clear_request_errors", ctypes.c_int16(request))

    def down(self) -> None:
        """Cut every connection and take no more."""
        self._call("broker_set_down", c_int(1))

    def up(self) -> None:
        """Answer again; what was written is still there."""
        self._call("broker_set_up", c_int(1))

    def slow(self, milliseconds: int) -> None:
        """Answer so much later."""
        self._call("broker_set_rtt", c_int(1), c_int(milliseconds))

    def _call(self, name: str, *arguments: object, result: type = c_int) -> bytes:
        function = getattr(self._library, f"rd_kafka_mock_{name}")
        function.restype = result
        answer = function(self._cluster, *arguments)
        assert result is not c_int or answer == 0 or name == "clear_request_errors", f"{name}: {answer}"
        return answer  # type: ignore[no-any-return]  # ctypes decides at run time


@contextmanager
def mock_kafka() -> Iterator[MockKafka]:
    """A cluster for one test."""
    library = _library()
    error = create_string_buffer(_TEXT)
    library.rd_kafka_conf_new.restype = c_void_p
    library.rd_kafka_new.restype = c_void_p
    library.rd_kafka_mock_cluster_new.restype = c_void_p
    configuration = library.rd_kafka_conf_new()
    handle = library.rd_kafka_new(_PRODUCER, c_void_p(configuration), byref(error), c_size_t(_TEXT))
    assert handle, error.value
    cluster = library.rd_kafka_mock_cluster_new(c_void_p(handle), c_int(1))
    assert cluster
    try:
        yield MockKafka(library, cluster)
    finally:
        library.rd_kafka_mock_cluster_destroy(c_void_p(cluster))
        library.rd_kafka_destroy(c_void_p(handle))


def _library() -> ctypes.CDLL:
    """The very library that the client uses, from its wheel."""
    [path] = (Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs").glob("librdkafka-*.so*")
    return ctypes.CDLL(str(path))
