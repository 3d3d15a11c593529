"""Video and sound at their direct addresses: the browser plays them, and still runs nothing of theirs."""

import io
import wave
from functools import partial

import pytest
from playwright.sync_api import Page

from tests.support.server import Server, wait_until

LOADED = "() => document.querySelector('video')?.readyState === HTMLMediaElement.HAVE_ENOUGH_DATA"
PLAYED = "() => document.querySelector('video').currentTime > 0.2"
"""Of the player that the browser itself puts around video and sound alike. The page is asked from outside, for no timer
runs in it.
"""


def sound() -> bytes:
    """Ten seconds of silence, as WAV."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * 10))
    return buffer.getvalue()


RECORD = """async () => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    const end = performance.now() + 1000;
    while (performance.now() < end) {
        context.fillRect(Math.random() * 300, 0, 9, 150);
        await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    return Array.from(bytes);
}"""
"""A second of video, by the only encoder that is there for sure."""


@pytest.mark.parametrize("kind", ["wav", "webm"])
@pytest.mark.usefixtures("signed_in")
def test_media_play_at_their_direct_addresses(page: Page, server: Server, kind: str) -> None:
    body = sound() if kind == "wav" else bytes(page.evaluate(RECORD))
    file = page.request.put(f"{server.address}/api/files/by-path/direct.{kind}", data=body).json()
    assert file["media_type"] == {"wav": "audio/wav", "webm": "video/webm"}[kind]
    link = page.request.post(f"{server.address}/api/files/{file['id']}/links", data={"max_downloads": 1}).json()
    for address in (f"/api/files/{file['id']}/content", f"/d/{link['token']}"):
        page.goto(server.address + address)
        wait_until(partial(page.evaluate, LOADED))
        page.evaluate("document.querySelector('video').play()")
        wait_until(partial(page.evaluate, PLAYED))
    page.goto("about:blank")


@pytest.mark.usefixtures("signed_in")
def test_only_media_get_the_looser_policy(page: Page, server: Server) -> None:
    """What lets the browser play takes nothing of the sandbox away for anything else."""
    request, api = page.request, f"{server.address}/api/files"
    for name, body in {"a.html": b"<!doctype html>x", "a.svg": b"<svg/>", "a.txt": b"x", "a.pdf": b"%PDF-1.4"}.items():
        file = request.put(f"{api}/by-path/{name}", data=body).json()
        policy = request.get(f"{api}/{file['id']}/content").headers["content-security-policy"]
        assert policy.startswith("sandbox; default-src 'none'")
    file = request.put(f"{api}/by-path/a.wav", data=sound()).json()
    policy = request.get(f"{api}/{file['id']}/content").headers["content-security-policy"]
    assert "allow-scripts" not in policy
    assert policy.startswith("sandbox allow-same-origin; default-src 'none';")
