"""How long a client may take, and how much it may send: the numbers, and why each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClientLimits:
    """Seconds and bytes that one connection may cost. Time counts only while the server waits for the client."""

    #: The largest body of a request, in bytes; a larger one is answered by the product's own page, unread.
    largest_body: int
    #: Bodies that lie on the disk of one process at once, in bytes; beyond, the largest are sent away.
    most_unread: int
    #: From a connection, or the first byte of a request, to the end of its headers. A telephone with bad reception
    #: needs one or two; the load balancers that watch with open connections close them sooner.
    header_seconds: float = 10.0
    #: In which a body or an answer may stand still: the time in which a telephone comes out of a tunnel.
    grace_seconds: float = 20.0
    #: What has to come, or to go, after that: what Apache's mod_reqtimeout asks for. The slowest telephone line does
    #: better by far.
    bytes_per_second: int = 500
    #: The same of an answer that no longer fits what is kept for a client, so that a thread has to wait for it.
    bytes_per_second_of_a_thread: int = 50_000
    #: Between an answer and the next request.
    idle_seconds: float = 15.0
    #: The first line and the headers of a request, in bytes. A list of many filters makes an address of a few thousand.
    largest_header: int = 65_536
    #: What of an answer may wait for its client, in bytes, before the thread that makes it waits too. Files are sent
    #: from the disk and never wait.
    most_unsent: int = 64 * 1024 * 1024
    #: Without a byte, after which a client that sends what nobody wants is closed on; before that it may take its
    #: answer. And how long it may go on sending (nginx has the same two).
    linger_seconds: float = 5.0
    longest_linger_seconds: float = 30.0
