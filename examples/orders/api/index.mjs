// Takes an order and puts it into the queue: the customer does not wait for the work.
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { randomUUID } from "node:crypto";

const sqs = new SQSClient({});

export const handler = async (event) => {
  let order;
  try {
    // What is not declared as text (curl -d says it sends a form) comes in base64.
    const encoding = event.isBase64Encoded ? "base64" : "utf8";
    order = JSON.parse(Buffer.from(event.body ?? "", encoding).toString());
  } catch {
    return { statusCode: 400, body: JSON.stringify({ message: "the body is not JSON" }) };
  }
  if (!order.item) {
    return { statusCode: 400, body: JSON.stringify({ message: "item is missing" }) };
  }
  const id = randomUUID();
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: process.env.QUEUE_URL,
      MessageBody: JSON.stringify({ id, ...order }),
    }),
  );
  return { statusCode: 202, body: JSON.stringify({ id }) };
};
