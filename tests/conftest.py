"""For every test: no network but loopback, and one thread a library, so that nothing depends on the machine."""

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"  # read when numpy, scipy and torch are loaded, hence before any import of them
os.environ["CUDA_VISIBLE_DEVICES"] = ""  # the same numbers on every machine
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import ipaddress
import sys
from collections.abc import Callable
from typing import Any

_ADDRESS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "socket.connect": lambda args: args[1],
    "socket.sendto": lambda args: args[1],
    "socket.sendmsg": lambda args: args[1],
    "socket.getaddrinfo": lambda args: (args[0],),
    "socket.gethostbyname": lambda args: (args[0],),
}


class NetworkBlockedError(RuntimeError):
    """A test tried to reach another machine."""


def _only_loopback(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook: Python tells it of every connection and look-up before they happen, from whichever library."""
    if event not in _ADDRESS:
        return
    address = _ADDRESS[event](args)
    if not isinstance(address, tuple) or address[0] in (None, "", b"", "localhost", b"localhost"):
        return  # a socket in the file system, or this machine
    host = address[0].decode() if isinstance(address[0], bytes) else str(address[0])
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False  # a name: to look it up is network already
    if not loopback:
        raise NetworkBlockedError(f"tests may not reach {host}")


sys.addaudithook(_only_loopback)

from tests.support_model import language_model as language_model
from tests.support_model import model_folder as model_folder
from tests.support_model import tiny_default as tiny_default
