"""What is told to `logging`."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from conftest import Simulator, Style, ended, make_client, program, with_client
from dingstream import Client

FAILING = {
    "async": "@client.on_message\nasync def handle(message): raise RuntimeError('why it failed')\n",
    "plain": "@client.on_message\ndef handle(message): raise RuntimeError('why it failed')\n",
}


@pytest.mark.parametrize("style", FAILING)
def test_a_program_that_says_nothing_about_logging_sees_warnings_and_failures(simulator: Simulator, style: str) -> None:
    simulator.post("break", what="open", status=503, times=1)
    process = program(
        f"{FAILING[style]}client.run()\nimport logging\nlogger = logging.getLogger('dingstream')\n"
        "assert not logger.handlers and not logger.level and logger.propagate and not logging.root.handlers",
        simulator,
        "answer_message='on_completion', backoff_max_ms=1",
    )
    simulator.records(kind="connect")
    pushed = simulator.push("message", text="hi")
    simulator.answer(pushed)
    process.terminate()
    code, out, err = ended(process)
    assert (code, out) == (0, "")
    told = err.splitlines()
    assert told[0].startswith("no connection (try 1, next in 0.0 s): ")
    assert told[1] == f"the handler of a delivery of kind message ({pushed['messageId']}) failed"
    assert (told[2], told[-1]) == ("Traceback (most recent call last):", "RuntimeError: why it failed")


def test_records_come_from_the_applications_threads(
    simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = make_client(simulator, log_level="trace")
    client.on_message(style(lambda message: None))
    with_client(client, lambda: simulator.answer(simulator.push("message", text="hi")))
    ours = [record for record in caplog.records if record.name.startswith("dingstream")]
    assert "connected" in [record.getMessage() for record in ours]
    assert {record.name for record in ours} >= {"dingstream.stream"}
    assert all(record.threadName == "MainThread" or "dingstream-worker" in str(record.threadName) for record in ours)


def test_the_levels_of_python_hold_too(simulator: Simulator, style: Style, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("dingstream.stream").setLevel(logging.ERROR)
    client = make_client(simulator, log_level="trace")
    client.on_message(style(lambda message: None))
    try:
        with_client(client, lambda: None)
    finally:
        logging.getLogger("dingstream.stream").setLevel(logging.NOTSET)
    assert "connected" not in caplog.text


def test_a_logger_that_raises_stops_nothing(
    client: Client, simulator: Simulator, style: Style, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(record: logging.LogRecord) -> bool:
        raise OSError("the disk is full")

    @client.on_message
    @style
    def handler(message: Any) -> None:
        if message.text == "fail":
            raise RuntimeError("why it failed")

    def check() -> None:
        assert simulator.answer(simulator.push("message", text="fail"))["code"] == 500
        assert simulator.answer(simulator.push("message", text="go on"))["code"] == 200

    logger = logging.getLogger("dingstream")
    logger.addFilter(full)
    try:
        with_client(client, check)
    finally:
        logger.removeFilter(full)
    assert "OSError: the disk is full" in capfd.readouterr().err
