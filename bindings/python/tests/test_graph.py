"""AI assistants and plugins, and what helps with texts for them."""

from __future__ import annotations

import json
from typing import Any

import dingstream
import pytest
from conftest import Simulator, Style, make_client, with_client
from dingstream import Client, GraphRequest, graph_response


def test_a_request_is_read_and_what_is_returned_answers_it(simulator: Simulator, style: Style) -> None:
    client = make_client(simulator)
    seen: list[Any] = []

    def handle(request: GraphRequest) -> dict[str, Any]:
        seen.append((request.method, request.uri, request.body, request.request_headers["content-type"]))
        return graph_response({"a": [1, "é"]}, status=404, headers={"X-Trace": "t"})

    client.on_graph(style(handle))

    def check() -> None:
        answer = simulator.answer(simulator.push("graph", method="PUT", uri="/a?b=c", body={"d": 1}))
        response = json.loads(answer["data"])["response"]
        assert response["statusLine"] == {"code": 404, "reasonPhrase": "Not Found"}
        assert response["headers"] == {"content-type": "application/json", "x-trace": "t"}
        assert response["body"] == '{"a":[1,"é"]}'

    with_client(client, check)
    assert seen == [("PUT", "/a?b=c", '{"d":1}', "application/json")]


def test_a_loop_takes_requests_too(client: Client, simulator: Simulator) -> None:
    pushed: Any = None
    for delivery in client.deliveries("graph", "state"):
        if delivery.topic == "open":
            pushed = simulator.push("graph", uri="/a")
        if isinstance(delivery, GraphRequest):
            assert delivery.uri == "/a"
            delivery.ok(graph_response("hi"))
            client.stop(5)
    assert json.loads(simulator.answer(pushed)["data"])["response"]["body"] == "hi"


def test_a_text_is_a_body_as_it_is() -> None:
    assert graph_response("plain", content_type="text/plain")["body"] == "plain"
    assert (graph_response()["body"], graph_response(None)["body"]) == ("", "null")
    with pytest.raises(dingstream.ArgumentError, match="a body of type object is not JSON"):
        graph_response(object())
    for status in (-1, 70_000):
        with pytest.raises(dingstream.ArgumentError, match="no such HTTP status"):
            graph_response(status=status)


def test_markdown_is_shaped_for_dingtalk() -> None:
    assert dingstream.escape_markdown("a*b") == "a\\*b"
    assert dingstream.mention("138") == "@138"
    assert dingstream.image_markdown("@p") == "![](@p)"
    assert dingstream.link_to("https://a", "browser").endswith("url=https%3A%2F%2Fa&pc_slide=false")
    assert dingstream.fit_markdown("```\nx\n```\n") == "> x  \n"
    assert dingstream.split_markdown("字" * 60, 90) == ["字" * 30, "字" * 30]
    with pytest.raises(dingstream.ArgumentError, match="the places are panel, browser"):
        dingstream.link_to("https://a", "window")  # type: ignore[arg-type]


def test_an_error_tells_support_and_names_what_to_grant(simulator: Simulator) -> None:
    simulator.post("settings", deniedScopes={"/v1.0/robot/groupMessages/send": ["a.B", "c.D"]})
    with pytest.raises(dingstream.ForbiddenError) as raised:
        make_client(simulator).send(dingstream.text("planted"), group="cid1==").wait(10)
    assert raised.value.required_scopes == ["a.B", "c.D"]
    told = raised.value.support_text
    assert "client id: ding-demo\n" in told
    assert "/v1.0/robot/groupMessages/send\n" in told
    assert "planted" not in told
    assert "demo-secret" not in told
    assert dingstream.Error("x").required_scopes == []
    assert dingstream.Error("x").support_text == ""
