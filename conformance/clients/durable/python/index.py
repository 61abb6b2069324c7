"""A durable function by AWS's SDK. What it does is what the event's `kind` says."""

import time
import uuid

from aws_durable_execution_sdk_python import DurableContext, durable_execution
from aws_durable_execution_sdk_python.config import CallbackConfig, Duration, StepConfig
from aws_durable_execution_sdk_python.retries import RetryDecision

FAILED = []


def seconds(number):
    return Duration.from_seconds(number)


def steps(event, context):
    one = context.step(lambda _: event["n"] + 1, name="one")
    context.wait(seconds(1), name="pause")

    def second(_):
        if not FAILED:
            FAILED.append(1)
            raise ValueError("not yet")
        return one * 10

    def again(error, attempt):
        return RetryDecision(should_retry=attempt < 3, delay=seconds(1))

    two = context.step(second, name="two", config=StepConfig(retry_strategy=again))
    return {"one": one, "two": two}


def branches(event, context):
    def right(branch):
        branch.wait(seconds(1), name="nap")
        return branch.step(lambda _: "r", name="right")

    def left(branch):
        return branch.step(lambda _: "l", name="left")

    def square(item, number, index, items):
        return item.step(lambda _: number * number, name="square")

    both = context.parallel([left, right], name="both")
    squares = context.map(event["numbers"], square, name="squares")
    child = context.run_in_child_context(
        lambda inner: inner.step(lambda _: "in", name="inside"), name="child"
    )
    return {
        "parallel": both.get_results(),
        "mapped": squares.get_results(),
        "child": child,
    }


def callback(event, context):
    config = CallbackConfig(timeout=seconds(event.get("timeout", 60)))
    waiting = context.create_callback(name="ask", config=config)
    return {"said": waiting.result()}


def chain(event, context):
    plain = context.invoke(event["plain"], {"n": 1}, name="plain")
    durable = context.invoke(event["durable"], {"kind": "small", "n": 2}, name="durable")
    refused = ""
    try:
        context.invoke("nobody", {}, name="nobody")
    except Exception as error:  # noqa: BLE001
        refused = type(error).__name__
    return {"plain": plain, "durable": durable, "refused": refused}


def small(event, context):
    return context.step(lambda _: event["n"] * 2, name="twice")


def crash(event, context):
    one = context.step(lambda _: str(uuid.uuid4()), name="one")
    context.wait(seconds(4), name="long")

    def slow(_):
        time.sleep(2.5)
        return "slow"

    return {"one": one, "slow": context.step(slow, name="slow")}


def fails(event, context):
    def breaks(_):
        raise ValueError("broken")

    def never(error, attempt):
        return RetryDecision(should_retry=False, delay=seconds(1))

    context.step(breaks, name="breaks", config=StepConfig(retry_strategy=never))


KINDS = {
    "steps": steps,
    "branches": branches,
    "callback": callback,
    "chain": chain,
    "small": small,
    "crash": crash,
    "fails": fails,
}


@durable_execution
def handler(event, context: DurableContext):
    return KINDS[event["kind"]](event, context)
