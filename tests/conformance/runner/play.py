"""Plays one scenario with one language's bot: each verb of a step is a method here."""

import contextlib
import re
import tempfile
import time
from urllib.parse import quote, urlsplit

from . import proxy
from .bot import Bot
from .cards import Cards
from .checks import answer_frame, check_secrets, fits, shown
from .failure import Failure
from .front import Front
from .scenario import verb_of

ORDINALS = ["first", "second", "third", "fourth", "fifth"]
# A bot that died is noticed between two slices of a wait.
SLICE_MS = 1000
GRACE_S = 2


class Play(Cards):
    def __init__(self, scenario, language, simulator, patience):
        self.scenario, self.language, self.simulator, self.patience = scenario, language, simulator, patience
        self.bots, self.connections, self.named, self.claimed = [], {}, {}, set()
        self.hidden = {"demo-secret", *scenario.secrets}
        self.endpoint, self.values = simulator.url, {"url": simulator.url}
        self.proxy, self.front, self.around = None, None, contextlib.ExitStack()
        self.values["folder"] = self.around.enter_context(tempfile.TemporaryDirectory(prefix="dingstream-play-"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.around.close()

    def run(self):
        for number, step in enumerate(self.scenario.steps, 1):
            verb = verb_of(step)
            try:
                getattr(self, f"do_{verb}")(step[verb], {key: step[key] for key in step if key != verb})
            except (KeyError, ValueError) as unknown:
                raise Failure(f"step {number} {shown(step)} names what does not exist: {unknown}") from None
            except Failure as failure:
                raise Failure(f"step {number} {shown(step)}: {failure}") from None
        self.check_nothing_is_left()

    @property
    def bot(self):
        if not self.bots:
            raise Failure("no bot was started")
        return self.bots[-1]

    def do_start(self, behaviour, more):
        environment, options = self.resolved(more.get("environment", {})), self.resolved(more.get("options", {}))
        self.hidden.update(value for name, value in environment.items() if "SECRET" in name)
        self.bots.append(Bot(self.language, self.endpoint, behaviour, environment, options))
        self.around.callback(self.bot.close)
        for _ in range(more.get("connections", 1)):
            self.do_connect(ORDINALS[len(self.connections)], {})

    def do_connect(self, name, _):
        index = ORDINALS.index(name)
        records = self.wait_for({"kind": "connect", "status": 101}, index + 1)
        self.connections[name] = records[index]["connection"]

    def do_push(self, order, more):
        told = self.simulator.order("push", self.resolved(order))
        pushes = told.get("pushed", [told])
        if not all(push["delivered"] for push in pushes):
            raise Failure("the push was not delivered: no connection fits")
        self.named["latest"] = self.named[more.get("as", "latest")] = pushes

    def do_answer(self, wanted, more):
        named = "messageId" in wanted
        pushes = [{"messageId": wanted["messageId"]}] if named else self.pushed(more.get("to", "latest"))
        times, ids = more.get("times", 1), {push["messageId"] for push in pushes}
        found = self.wait_for({"kind": "answer,ping", "messageId": ids}, len(pushes) * times, unclaimed=True)
        answers = {id: [] for id in ids}
        for answer in found:
            answers[answer["messageId"]].append(answer)
        for push in pushes:
            fitting = [answer for answer in answers[push["messageId"]] if fits(answer, connection_of(push))]
            if len(fitting) != times:
                raise Failure(f"answered {len(fitting)} times on its connection")
            for answer in fitting:
                self.check_answer(answer, wanted)

    def check_answer(self, answer, wanted):
        self.claimed.add(answer["seq"])
        expected = answer_frame(answer, wanted)
        if answer["raw"] != expected:
            raise Failure(f"the answer is {shown(answer['raw'])} instead of {shown(expected)}")

    def do_reply(self, wanted, _):
        fields = {"conversationId": wanted["conversation"]} if "conversation" in wanted else {}
        found = self.wait_for({"kind": "reply", **fields}, 1, unclaimed=True)[0]
        self.claimed.add(found["seq"])
        expected = (wanted["body"], wanted.get("errcode", 0))
        if (found["body"], found.get("errcode")) != expected:
            raise Failure(f"the reply is {shown(found['body'])}, errcode {found.get('errcode')}")

    def do_record(self, wanted, more):
        found = self.wait_for(self.resolved(wanted), more.get("times", 1))
        if "as" in more:
            self.named["latest"] = self.named[more["as"]] = found[-1:]

    def do_count(self, wanted, more):
        found = self.find(self.resolved(wanted))
        if len(found) != more["is"]:
            raise Failure(f"there are {len(found)}: {shown(found)}")

    def do_order(self, events, _):
        first = [self.wait_for(self.resolved(event), 1)[0]["seq"] for event in events]
        if first != sorted(first):
            raise Failure(f"they came in another order (records {first})")

    def do_line(self, wanted, _):
        self.bot.await_line(wanted, self.patience)

    def do_lineFits(self, wanted, _):
        self.bot.await_line(wanted, self.patience, fits)

    def do_stderr(self, pattern, _):
        self.bot.await_stderr(pattern, self.patience)

    def do_states(self, wanted, _):
        self.bot.await_all("state", wanted, self.patience)

    def do_began(self, wanted, _):
        self.bot.await_all("id", wanted, self.patience)

    def do_app(self, app, _):
        self.hidden.add(app["clientSecret"])
        self.simulator.order("apps", app)

    def do_robot(self, robot, _):
        self.hidden.update(robot[part] for part in ("accessToken", "secret") if part in robot)
        self.simulator.order("robots", robot)

    def do_file(self, file, _):
        self.simulator.order("files", file)

    def do_plant(self, answer, _):
        self.simulator.order("answers", answer)

    def do_settings(self, settings, _):
        self.simulator.order("settings", settings)

    def do_break(self, fault, _):
        self.simulator.order("break", self.resolved(fault))

    def do_heal(self, _, __):
        self.simulator.order("heal", {})

    def do_clock(self, move, _):
        self.simulator.order("clock", move)

    def do_proxy(self, kind, more):
        self.proxy = proxy.begin(kind, more.get("auth", False), self.patience)
        self.around.callback(self.proxy.close)
        self.hidden |= {proxy.PASSWORD, quote(proxy.PASSWORD, safe="")}
        self.values["proxy"], self.values["proxyAddress"] = self.proxy.url(), self.proxy.address
        self.values["proxyWithoutUser"] = self.proxy.url(with_user=False)

    def do_proxyUsed(self, times, _):
        self.proxy.await_use(urlsplit(self.endpoint).port, int(times), self.patience)

    def do_front(self, asked, _):
        self.front = self.around.enter_context(Front(self.simulator, asked.get("tls")))
        self.endpoint = self.values["front"] = self.front.url
        self.values["ca"] = str(self.front.ca)

    def do_strike(self, fault, _):
        struck = self.front.order("strike", fault)["connections"]
        if not struck and fault.get("on") != "next":
            raise Failure("there is no connection to strike yet")

    def do_mend(self, _, __):
        self.front.order("heal", {})

    def do_signal(self, name, _):
        self.bot.signal(name)

    def do_kill(self, _, __):
        self.bot.kill()
        self.bot.await_end(self.patience)

    def do_stop(self, wanted, _):
        if self.bot.ended:
            raise Failure("the bot ended by itself before it was told to")
        self.bot.signal("TERM")
        self.do_exit(wanted, _)

    def do_exit(self, wanted, _):
        code = self.bot.await_end(self.patience)
        if code != wanted.get("code", 0):
            raise Failure(f"the bot ended with code {code}")
        last = self.bot.lines()[-1:]
        if not last or not isinstance(last[0], dict) or "handled" not in last[0]:
            raise Failure(f"the bot's last line is {shown(last)} and not how many deliveries it handled")
        if last[0]["handled"] != wanted.get("handled", last[0]["handled"]):
            raise Failure(f"the bot handled {last[0]['handled']} deliveries")

    def pushed(self, name):
        if name not in self.named:
            raise Failure(f"nothing was pushed as {name}")
        return self.named[name]

    def resolved(self, value):
        """With the names of connections and pushes replaced by ids, and $url and its like by what they stand for."""
        if isinstance(value, dict):
            out = {}
            for key, part in value.items():
                if key == "connection":
                    out[key] = self.connections[part]
                elif key == "push":
                    out["messageId"] = self.pushed(part)[0]["messageId"]
                else:
                    out[key] = self.resolved(part)
            return out
        if isinstance(value, list):
            return [self.resolved(part) for part in value]
        return re.sub(r"\$(\w+)", lambda name: self.values[name[1]], value) if isinstance(value, str) else value

    def find(self, wanted, unclaimed=False):
        return self.look(wanted, unclaimed)[0]

    def look(self, wanted, unclaimed):
        """What happened and fits, and the number from which on everything is news."""
        records, news = self.simulator.records(plain(wanted))
        deep = {key: value for key, value in wanted.items() if key not in plain(wanted)}
        fitting = [record for record in records if fits(record, deep)]
        return [record for record in fitting if not (unclaimed and record["seq"] in self.claimed)], news

    def wait_for(self, wanted, count, unclaimed=False):
        slices = self.slices()
        while True:
            found, news = self.look(wanted, unclaimed)
            if len(found) >= count:
                return found
            wait_ms = next(slices, None)
            if wait_ms is None:
                raise Failure(
                    f"{len(found)} of {count} came" + (" in time" if self.is_alive else " and the bot has ended")
                )
            self.simulator.records(plain(wanted), news, count - len(found), wait_ms)

    def slices(self):
        """How many ms to wait for something, again and again, until time is over or the bot has ended."""
        deadline = time.monotonic() + self.patience
        over = False
        while True:
            if not over and not self.is_alive:
                # What it sent at the last moment may still be on its way.
                over, deadline = True, time.monotonic() + GRACE_S
            left_ms = int((deadline - time.monotonic()) * 1000)
            if left_ms <= 0:
                return
            yield min(left_ms, SLICE_MS)

    @property
    def is_alive(self):
        return bool(self.bots) and not self.bot.ended

    def check_nothing_is_left(self):
        """Everything that the bots did was expected, and no secret slipped out."""
        for bot in self.bots:
            if not bot.ended:
                raise Failure(f"the scenario leaves its bot {bot.behaviour} running")
        if self.bots:
            # A connection's end is told after everything that came on it.
            self.wait_for({"kind": "close"}, len(self.find({"kind": "connect", "status": 101})))
        for kind in ("answer", "reply"):
            extra = self.find({"kind": kind}, unclaimed=True)
            if extra:
                raise Failure(f"nobody expected the {kind} {shown(extra[0].get('raw', extra[0].get('body')))}")
        for bot in self.bots:
            if bot.leftovers():
                raise Failure(f"nobody expected the line {shown(bot.leftovers()[0])}")
            check_secrets(bot.err.text, self.hidden)


def plain(wanted):
    """The fields that the simulator itself compares."""
    return {key: value for key, value in wanted.items() if not isinstance(value, (bool, dict, list, set))}


def connection_of(push):
    """The field that an answer to this push must have: it goes out where the push came in."""
    return {key: value for key, value in push.items() if key == "connection"}
