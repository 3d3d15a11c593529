"""A program for children that does what the job says, also what it should not."""

import os
import signal
import socket
import time
from pathlib import Path

from aishare.sandbox.child import Job, serve
from aishare.sandbox.framing import Message


def write(path):
    try:
        Path(path).write_bytes(b"x")
    except OSError as error:
        return Message({"refused": error.strerror})
    return Message({})


def spin():
    while True:
        pass


def babble():
    socket.socket(fileno=os.dup(0)).sendall(b"\xff" * 100_000)
    time.sleep(30)


WORKS = {
    "nothing": lambda job: Message({"pid": os.getpid()}, job.body),
    "read": lambda job: Message({}, os.pread(job.files[0], 1000, 0)),
    "ask": lambda job: Message({}, b"".join(job.ask({"number": number}).body for number in range(3))),
    "sleep": lambda job: Message({"slept": time.sleep(job.header["seconds"]), "pid": os.getpid()}),
    "spin": lambda _: spin(),
    "eat": lambda _: Message({"eaten": len(bytes(2 * 1024**3))}),
    "write": lambda job: write(job.header["path"]),
    "die": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    "babble": lambda _: babble(),
    "environ": lambda _: Message({"names": sorted(os.environ)}),
}


def work(job: Job) -> Message:
    return WORKS[job.header["do"]](job)


if __name__ == "__main__":
    serve(work)
