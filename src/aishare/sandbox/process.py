"""One child process, as seen by the server."""

import asyncio
import contextlib
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aishare.core.sizes import GiB, KiB, MiB
from aishare.sandbox.framing import LENGTHS, Malformed, Message, encoded, header_of, lengths

Answer = Callable[[Message], Awaitable[Message]]
"""Answers questions that a child process asks during its work."""

_INHERITED: Final = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")
"""The only environment variables passed to child processes, because others may contain secrets."""

_START_SECONDS: Final = 30.0
_PIECE: Final = 256 * KiB


@dataclass(frozen=True, slots=True)
class Program:
    """A module that calls `child.serve`, and the limits of its children."""

    module: str
    environ: Mapping[str, str] = field(default_factory=dict)
    memory_bytes: int = GiB
    seconds: float = 10.0
    """Time limit of one job."""
    jobs: int = 200
    """A child process is replaced after this many jobs, which bounds memory leaks."""
    answer_bytes: int = 16 * MiB
    """The longest body accepted from a child process, which might be compromised."""


class ChildDied(Exception):
    """It ended during a job: a crash, a limit, or a bug."""


class ChildTimedOut(Exception):
    """It took too long and was killed."""


class SandboxProcess:
    """Does one job at a time. Unusable after any exception."""

    def __init__(self, program: Program, process: Process, connection: socket.socket) -> None:
        self._program = program
        self._process = process
        self._connection = connection
        self._jobs = 0

    @classmethod
    async def start(cls, program: Program) -> "SandboxProcess":
        """Raises ChildDied if it does not start."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", program.module, str(program.memory_bytes), str(program.seconds)),
                stdin=theirs.fileno(),
                stdout=DEVNULL,
                stderr=DEVNULL,
                env={**_inherited(), "MALLOC_ARENA_MAX": "2", **program.environ},
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        child = cls(program, process, ours)
        try:
            await child._told(_START_SECONDS)
        except BaseException:
            await child.kill()
            ours.close()
            raise
        return child

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def worn(self) -> bool:
        """It has done its number of jobs, or died meanwhile: an idle child sends nothing, so readable data means its
        end.
        """
        return self._jobs >= self._program.jobs or _readable(self._connection)

    async def run(self, message: Message, *, files: Sequence[int], answer: Answer | None) -> Message:
        """The result. Raises ChildTimedOut or ChildDied; the child is then killed, as it is when the caller is
        cancelled.
        """
        self._jobs += 1
        try:
            async with asyncio.timeout(self._program.seconds):
                return await self._converse(message, files, answer)
        except BaseException as error:
            await self.kill()
            self._connection.close()
            if isinstance(error, TimeoutError):
                raise ChildTimedOut from error
            if isinstance(error, OSError | Malformed):
                raise ChildDied from error
            raise

    async def end(self) -> None:
        """Without a job, it ends when the connection ends."""
        self._connection.close()
        try:
            async with asyncio.timeout(1):
                await self._process.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """A running job ends with ChildDied."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await asyncio.shield(self._process.wait())

    async def _converse(self, message: Message, files: Sequence[int], answer: Answer | None) -> Message:
        await self._send(message, files)
        while (said := await self._receive()).header.get("ask"):
            if answer is None:
                raise Malformed("This job does not answer questions.")
            await self._send(await answer(said), ())
        return said

    async def _told(self, seconds: float) -> Message:
        try:
            async with asyncio.timeout(seconds):
                return await self._receive()
        except (TimeoutError, OSError, Malformed) as error:
            raise ChildDied("The child process did not start.") from error

    async def _send(self, message: Message, files: Sequence[int]) -> None:
        """Descriptors are sent with the first bytes, for which there is always space: nothing else is being sent."""
        data = encoded(message)
        if files:
            sent = socket.send_fds(self._connection, [data[: LENGTHS.size]], list(files))
            data = data[sent:]
        await asyncio.get_running_loop().sock_sendall(self._connection, data)

    async def _receive(self) -> Message:
        prefix = await self._exactly(LENGTHS.size)
        header, body = lengths(prefix, body_max=self._program.answer_bytes)
        return Message(header_of(await self._exactly(header)), await self._exactly(body))

    async def _exactly(self, count: int) -> bytes:
        loop, pieces = asyncio.get_running_loop(), bytearray()
        while len(pieces) < count:
            piece = await loop.sock_recv(self._connection, min(count - len(pieces), _PIECE))
            if not piece:
                raise ConnectionResetError("The child process has exited.")
            pieces += piece
        return bytes(pieces)


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def _readable(connection: socket.socket) -> bool:
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
