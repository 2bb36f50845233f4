"""The ends of a process: signals, the interpreter's end, forks."""

from __future__ import annotations

import signal

import pytest
from conftest import DEADLINE, Simulator, ended, program, shown

RUNNING = {
    "async": "@client.on_message\nasync def handle(message): await message.reply(text('heard'))\n",
    "plain": "@client.on_message\ndef handle(message): message.reply(text('heard')).wait()\n",
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("style", RUNNING)
def test_a_signal_ends_run_in_good_order(simulator: Simulator, style: str, number: int) -> None:
    process = program(
        "import signal\nbefore = signal.getsignal(signal.SIGINT)\n"
        f"{RUNNING[style]}client.run()\nassert signal.getsignal(signal.SIGINT) is before\nprint(client.state)",
        simulator,
    )
    simulator.records(kind="connect")
    simulator.push("message", text="hi")
    simulator.records(kind="reply")
    process.send_signal(number)
    assert ended(process) == (0, "stopped\n", "")


BUSY = {
    "async": "async def handle(message):\n"
    "  print('busy', flush=True)\n  await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)\n"
    "  await message.reply(text('done'))\n",
    "plain": "def handle(message):\n"
    "  print('busy', flush=True)\n  sys.stdin.readline()\n  message.reply(text('done')).wait()\n",
}


@pytest.mark.parametrize("style", BUSY)
def test_a_handler_that_is_busy_at_sigterm_may_finish(simulator: Simulator, style: str) -> None:
    process = program(
        f"import asyncio, sys\n@client.on_message\n{BUSY[style]}"
        "client.on_state(lambda change: print(change.state, flush=True))\nclient.run()",
        simulator,
        "answer_message='on_completion'",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    simulator.records(kind="connect")
    pushed = simulator.push("message", text="hi")
    assert [process.stdout.readline() for _ in range(3)] == ["connecting\n", "open\n", "busy\n"]
    process.terminate()
    assert process.stdout.readline() == "stopping\n"
    process.stdin.write("\n")
    process.stdin.flush()
    assert simulator.answer(pushed)["code"] == 200
    assert len(simulator.records(kind="reply")) == 1
    assert ended(process) == (0, "stopped\n", "")


STUCK = {
    "async": "async def handle(message):\n  print('stuck', flush=True)\n  await asyncio.Event().wait()\n",
    "plain": "def handle(message):\n  print('stuck', flush=True)\n  threading.Event().wait()\n",
}


@pytest.mark.parametrize("style", STUCK)
def test_a_handler_that_never_returns_is_left_behind(simulator: Simulator, style: str) -> None:
    process = program(
        f"import asyncio, threading\n@client.on_message\n{STUCK[style]}client.run()\nprint(client.state)",
        simulator,
        "stop_deadline_ms=50",
    )
    assert process.stdout is not None
    simulator.records(kind="connect")
    simulator.push("message", text="hi")
    assert process.stdout.readline() == "stuck\n"
    process.terminate()
    code, out, _ = ended(process)
    assert (code, out) == (0, "stopped\n")


@pytest.mark.parametrize("style", STUCK)
def test_a_handler_that_never_returns_holds_up_nobody_else(simulator: Simulator, style: str) -> None:
    process = program(
        f"import asyncio, threading\n@client.on_message\n{STUCK[style]}"
        "client.on_event(lambda event: None)\nclient.run()",
        simulator,
        "stop_deadline_ms=50",
    )
    simulator.records(kind="connect")
    simulator.push("message", text="hi", count=3)
    assert simulator.answer(simulator.push("event", eventType="user_add_org"))["code"] == 200
    process.terminate()
    assert ended(process)[0] == 0


def test_ctrl_c_is_heard_while_waiting(simulator: Simulator) -> None:
    simulator.post("break", what="open", delayMs=DEADLINE * 1000)
    process = program("client.on_message(print)\nprint('waits', flush=True)\nclient.start().wait()", simulator)
    assert process.stdout is not None
    assert process.stdout.readline() == "waits\n"
    process.send_signal(signal.SIGINT)
    code, _, err = ended(process)
    simulator.post("heal")
    assert code == -signal.SIGINT
    assert "KeyboardInterrupt" in err


@pytest.mark.parametrize(
    "source",
    [
        "client.on_message(print)\nclient.start().wait()",
        "client.on_message(print)\nclient.start()",
        "import asyncio\n@client.on_message\nasync def handle(message): ...\n"
        "async def main(): await client.start()\nasyncio.run(main())",
        "for delivery in client.deliveries('state'):\n  if delivery.topic == 'open': break\n".replace(
            "'state'", "'card', 'state'"
        ),
    ],
)
def test_the_interpreter_ends_with_a_client_running(simulator: Simulator, source: str) -> None:
    assert ended(program(source, simulator)) == (0, "", "")


def test_a_handler_that_runs_at_exit_may_finish(simulator: Simulator) -> None:
    process = program(
        "import threading\nbegun = threading.Event()\n"
        "@client.on_event\ndef handle(event):\n"
        "  begun.set()\n  threading.Event().wait(0.3)\n  return Later('at exit')\n"
        "client.start().wait()\nbegun.wait()",
        simulator,
    )
    simulator.records(kind="connect")
    answer = simulator.answer(simulator.push("event", eventType="user_add_org"))
    assert "at exit" in answer["data"]
    assert ended(process) == (0, "", "")


def test_a_forked_child_is_told(simulator: Simulator) -> None:
    source = """
import asyncio, os, sys
client.on_message(print)
client.start().wait()
start = client.start()
if os.fork() == 0:
    for use in (client.start, client.run, client.stop(1).wait, start.wait, lambda: client.on_card(print)):
        try:
            use()
        except ForkedError as error:
            assert 'make a new client after the fork' in str(error)
        else:
            os._exit(1)
    if client.state != 'open' or any(client.stats().values()) or 'opened_total' not in client.metrics():
        os._exit(2)
    async def main():
        await start
    try:
        asyncio.run(main())
    except ForkedError:
        pass
    new = Client('ding-demo', 'demo-secret')
    new.on_message(print)
    new.start().wait()
    new.stop(1).wait()
    sys.exit(7)
print(os.waitstatus_to_exitcode(os.wait()[1]), client.state)
"""
    code, out, err = ended(program(source, simulator))
    assert (code, out) == (0, "7 open\n"), err


def test_a_client_that_was_never_started_is_dropped_in_silence(simulator: Simulator) -> None:
    process = program("client.on_message(print)\nclient.stop(0).wait()\nprint(client.state)", simulator)
    assert ended(process) == (0, "idle\n", "")


EXITS = {
    "never started": "",
    "started": "client.on_message(print)\nclient.start().wait()\n",
    "in a loop that has ended": "import asyncio\n@client.on_message\nasync def handle(message): ...\n"
    "async def main(): await client.start()\nasyncio.run(main())\n",
}


@pytest.mark.parametrize("began", EXITS)
def test_a_card_that_is_open_at_exit_ends_with_its_fallback(simulator: Simulator, began: str) -> None:
    simulator.post("break", what="PUT /v1.0/card/streaming", delayMs=200)
    source = f"{EXITS[began]}card = client.card(Space.group('cid1=='), fallback='gone wrong')\ncard.push('half')"
    assert ended(program(source, simulator)) == (0, "", "")
    assert shown(simulator.cards()[0]) == ("gone wrong", "failed")


def test_a_scope_that_the_program_leaves_has_ended(simulator: Simulator) -> None:
    source = "with client.card(Space.group('cid1=='), fallback='gone wrong') as card:\n  card.push('half')\n  exit(3)"
    assert ended(program(source, simulator)) == (3, "", "")
    assert shown(simulator.cards()[0]) == ("gone wrong", "failed")


def test_a_card_belongs_to_the_parent_of_a_fork(simulator: Simulator) -> None:
    source = """
import os
card = client.card(Space.group('cid1=='))
card.push('whole')
if os.fork() == 0:
    uses = (lambda: card.push('x'), lambda: card.button('x', id='x'), card.finish().wait, card.fail().wait)
    for use in (*uses, lambda: client.card(Space.group('cid1=='))):
        try:
            use()
        except ForkedError:
            pass
        else:
            os._exit(1)
    del card, uses, use
    with Client('ding-demo', 'demo-secret').card(Space.group('cid1==')) as card:
        card.push("the child's own")
    os._exit(7)
print(os.waitstatus_to_exitcode(os.wait()[1]))
card.finish().wait()
"""
    code, out, err = ended(program(source, simulator))
    assert (code, out) == (0, "7\n"), err
    assert sorted(shown(card) for card in simulator.cards()) == [("the child's own", "finished"), ("whole", "finished")]
