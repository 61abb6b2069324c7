"""A REST backend of notes: each user has some, and each note a version that guards its updates."""

import base64
import json
import os
import time
import uuid

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    route = ROUTES[event["routeKey"]]
    path = event.get("pathParameters") or {}
    try:
        body = json.loads(text(event) or "{}")
    except ValueError:
        return answer(400, {"message": "the body is not JSON"})
    try:
        return route(body, event.get("queryStringParameters") or {}, **path)
    except KeyError as missing:
        return answer(400, {"message": f"{missing.args[0]} is missing"})


def text(event):
    """What is not declared as text (curl -d says it sends a form) comes in base64."""
    body = event.get("body")
    return base64.b64decode(body) if body and event["isBase64Encoded"] else body


def create(body, query, user):
    note = {
        "user": user,
        "id": uuid.uuid4().hex,
        "text": body["text"],
        "version": 1,
        "created": int(time.time()),
    }
    TABLE.put_item(Item=note, ConditionExpression="attribute_not_exists(id)")
    return answer(201, note)


def read(body, query, user, id):
    note = TABLE.get_item(Key={"user": user, "id": id}).get("Item")
    return answer(200, note) if note else answer(404, {"message": "no such note"})


def list_by_user(body, query, user):
    arguments = {"KeyConditionExpression": Key("user").eq(user)}
    arguments["Limit"] = min(int(query.get("limit", 50)), 100)
    if "after" in query:
        arguments["ExclusiveStartKey"] = {"user": user, "id": query["after"]}
    page = TABLE.query(**arguments)
    notes = {"notes": page["Items"]}
    if "LastEvaluatedKey" in page:
        notes["next"] = page["LastEvaluatedKey"]["id"]
    return answer(200, notes)


def update(body, query, user, id):
    try:
        changed = TABLE.update_item(
            Key={"user": user, "id": id},
            UpdateExpression="SET #text = :text, version = version + :one",
            ConditionExpression="version = :version",
            ExpressionAttributeNames={"#text": "text"},
            ExpressionAttributeValues={
                ":text": body["text"],
                ":version": body["version"],
                ":one": 1,
            },
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return answer(409, {"message": "the note has changed meanwhile, or is gone"})
        raise
    return answer(200, changed["Attributes"])


def delete(body, query, user, id):
    TABLE.delete_item(Key={"user": user, "id": id})
    return {"statusCode": 204}


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body, default=int),
    }


ROUTES = {
    "POST /users/{user}/notes": create,
    "GET /users/{user}/notes": list_by_user,
    "GET /users/{user}/notes/{id}": read,
    "PUT /users/{user}/notes/{id}": update,
    "DELETE /users/{user}/notes/{id}": delete,
}
