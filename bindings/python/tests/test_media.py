"""Files on their way to DingTalk and from it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import dingstream
import pytest
from conftest import DEADLINE, Simulator, make_client
from dingstream import Client


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_bytes_and_paths_are_uploaded(client: Client, simulator: Simulator, tmp_path: Path, wrap: Any) -> None:
    told = client.upload("image", wrap(b"x" * 100_000), "photo.png").wait(DEADLINE)
    assert (told["type"], bool(told["mediaId"])) == ("image", True)
    path = tmp_path / "photo.png"
    path.write_bytes(b"x" * 100_000)
    client.upload("image", path).wait(DEADLINE)
    client.upload("image", str(path)).wait(DEADLINE)
    uploads = simulator.records(3, kind="upload", status="200")
    assert len({upload["sha256"] for upload in uploads}) == 1


def test_what_dingtalk_would_refuse_is_refused(client: Client) -> None:
    with pytest.raises(dingstream.TooLargeError, match="2097152"):
        client.upload("voice", b"x" * (2 << 20) + b"x", "a.amr").wait(DEADLINE)
    with pytest.raises(dingstream.ArgumentError, match="docx"):
        client.upload("file", b"x", "notes.txt").wait(DEADLINE)
    with pytest.raises(dingstream.ArgumentError, match="the media types are image, voice, video, file"):
        client.upload("picture", b"x", "a.png")  # type: ignore[call-overload]
    with pytest.raises(dingstream.ArgumentError, match="can't be read"):
        client.upload("image", "/nowhere/a.png").wait(DEADLINE)


def test_a_file_is_downloaded_into_memory_awaited_or_not(client: Client, simulator: Simulator) -> None:
    simulator.post("files", downloadCode="c1", size=700_000, contentType="video/mp4")
    file = client.download("c1").wait(DEADLINE)
    assert (len(file.data), file.data[699_999], file.content_type) == (700_000, 699_999 % 251, "video/mp4")
    assert file.name.endswith(".mp4")
    assert "data" not in repr(file)

    async def main() -> None:
        download = client.download("c1", robot_code="ding-demo")
        first, second = await asyncio.gather(download, download)
        # By its content, for the name is new each time.
        assert first == second == await download
        assert first.data == file.data

    asyncio.run(main())


def test_a_file_is_downloaded_to_a_path(client: Client, simulator: Simulator, tmp_path: Path) -> None:
    simulator.post("files", downloadCode="c1", text="hello", contentType="text/plain")
    told = client.download("c1", tmp_path).wait(DEADLINE)
    assert Path(told["path"]).read_text() == "hello"
    assert told["path"].endswith(".txt")
    client.download("c1", tmp_path / "mine").wait(DEADLINE)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".txt"]


def test_a_download_that_fails_raises(simulator: Simulator) -> None:
    client = make_client(simulator, download_bytes=1000)
    simulator.post("files", downloadCode="c1", size=2000)
    with pytest.raises(dingstream.TooLargeError, match="download_bytes"):
        client.download("c1").wait(DEADLINE)
    simulator.post("files", downloadCode="c1", size=900, cutAt=100)
    with pytest.raises(dingstream.NetworkError):
        client.download("c1").wait(DEADLINE)


def test_a_download_can_be_given_up(client: Client, simulator: Simulator) -> None:
    simulator.post("files", downloadCode="c1", size=900, stallAt=100)
    with pytest.raises(dingstream.TimeoutError, match="the download is not over"):
        client.download("c1").wait(0.1)
    download = client.download("c1")
    download.cancel()
    with pytest.raises(dingstream.CancelledError):
        download.wait(DEADLINE)

    async def main() -> None:
        reading = asyncio.ensure_future(asyncio.wait_for(client.download("c1"), 0.1))
        with pytest.raises(asyncio.TimeoutError):
            await reading

    asyncio.run(main())
