"""What a client counts."""

from __future__ import annotations

from typing import get_type_hints

from conftest import Simulator, Style, make_client, with_client
from dingstream import Client, Stats


def test_every_number_is_there_at_any_moment(client: Client, simulator: Simulator, style: Style) -> None:
    seen: list[Stats] = [client.stats()]
    client.on_message(style(lambda message: seen.append(client.stats())))
    with_client(client, lambda: simulator.answer(simulator.push("message", text="hi")))
    seen.append(client.stats())
    for stats in seen:
        assert list(stats) == list(get_type_hints(Stats))
        assert {type(number) for number in stats.values()} == {int}
    before, inside, after = seen
    assert set(before.values()) == {0}
    assert (inside["connections"], inside["messages"], inside["in_flight"], inside["ok"]) == (1, 1, 1, 0)
    assert (after["connections"], after["in_flight"], after["ok"], after["answers"]) == (0, 0, 1, 1)


def test_clients_count_for_themselves(client: Client, simulator: Simulator) -> None:
    client.on_message(lambda message: None)
    with client:
        assert client.stats()["opened"] == 1
        assert make_client(simulator).stats()["opened"] == 0


def test_metrics_are_the_same_numbers_for_prometheus(client: Client) -> None:
    client.on_message(lambda message: None)
    with client:
        lines = client.metrics().splitlines()
    assert 'dingstream_opened_total{client_id="ding-demo"} 1' in lines
    assert 'dingstream_connections{client_id="ding-demo"} 1' in lines
    assert "# TYPE dingstream_connections gauge" in lines
    for name in get_type_hints(Stats):
        assert any(line.startswith((f"dingstream_{name}{{", f"dingstream_{name}_total{{")) for line in lines)
