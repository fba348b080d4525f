"""A small load generator: `python -m bench.load_generator PORT COOKIE CONNECTIONS SECONDS ADDRESS…` prints JSON.

Each connection is kept open and asks for one address after the other, as soon as the last answer is whole.
"""

import asyncio
import json
import sys
import time

HOST = "127.0.0.1"


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str, cookie: str) -> int:
    head = f"GET {address} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {cookie}\r\nConnection: keep-alive\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    else:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    if headers.get("connection", "").lower() == "close":
        raise ConnectionResetError
    return int(lines[0].split()[1])


async def _visitor(port: int, cookie: str, addresses: list[str], stop_at: float, durations: list[float]) -> int:
    failed, number, streams = 0, 0, None
    while time.perf_counter() < stop_at:
        began = time.perf_counter()
        try:
            streams = streams or await asyncio.open_connection(HOST, port)
            status = await _get(*streams, addresses[number % len(addresses)], cookie)
            failed += status != 200
        except (OSError, asyncio.IncompleteReadError):
            failed, streams = failed + 1, None
            continue
        number += 1
        durations.append(time.perf_counter() - began)
    if streams:
        streams[1].close()
    return failed


async def load(port: int, cookie: str, connections: int, seconds: float, addresses: list[str]) -> dict[str, float]:
    """N people at once for some seconds: responses a second, their times in milliseconds, how many failed."""
    durations: list[float] = []
    began = time.perf_counter()
    people = [_visitor(port, cookie, addresses, began + seconds, durations) for _ in range(connections)]
    failed = sum(await asyncio.gather(*people))
    durations.sort()
    return {
        "rate": len(durations) / (time.perf_counter() - began),
        "p50": 1000 * durations[len(durations) // 2],
        "p95": 1000 * durations[int(len(durations) * 0.95)],
        "failed": failed,
    }


if __name__ == "__main__":
    port, cookie, connections, seconds, *addresses = sys.argv[1:]
    print(json.dumps(asyncio.run(load(int(port), cookie, int(connections), float(seconds), addresses))))
