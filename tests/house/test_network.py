"""The suite's own guard: nothing leaves this machine, and loopback still works."""

import socket
import urllib.request

import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80), ("example.invalid", 80)])
def test_other_machines_are_out_of_reach(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match="may not reach"):
        socket.create_connection(address, timeout=0.1)


def test_datagrams_too() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock, pytest.raises(RuntimeError, match="may not reach"):
        sock.sendto(b"x", ("192.0.2.1", 9))


def test_libraries_too() -> None:
    with pytest.raises(RuntimeError, match="may not reach"):
        urllib.request.urlopen("http://example.invalid/", timeout=0.1)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(("localhost", server.getsockname()[1]), timeout=5)
        peer, _ = server.accept()
        with client, peer:
            peer.sendall(b"lub")
            assert client.recv(3) == b"lub"
