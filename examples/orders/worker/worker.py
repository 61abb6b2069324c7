"""Works on orders. Each order's first attempt fails, as payment services do; an order of the item
"poison" always fails and ends in the dead-letter queue. Only what failed is tried again."""

import json
import os

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    failures = []
    for record in event["Records"]:
        try:
            work(json.loads(record["body"]), int(record["attributes"]["ApproximateReceiveCount"]))
        except Exception as error:
            print(f"order failed: {error}")
            failures.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failures}


def work(order, attempt):
    if order["item"] == "poison":
        raise ValueError("this order can't be worked on")
    if attempt < 2:
        raise RuntimeError("the payment service did not answer")
    TABLE.put_item(Item={"id": order["id"], "item": order["item"], "attempts": attempt})
    print(f"order {order['id']} done at attempt {attempt}")
