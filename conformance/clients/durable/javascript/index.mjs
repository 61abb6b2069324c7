// A durable function by AWS's SDK. What it does is what the event's `kind` says.
import { randomUUID } from "node:crypto";
import { withDurableExecution } from "@aws/durable-execution-sdk-js";

const nap = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

const kinds = {
  async steps(event, context) {
    const one = await context.step("one", async () => event.n + 1);
    await context.wait("pause", { seconds: 1 });
    const two = await context.step(
      "two",
      async () => {
        if (!globalThis.failed) {
          globalThis.failed = true;
          throw new Error("not yet");
        }
        return one * 10;
      },
      { retryStrategy: (error, attempt) => ({ shouldRetry: attempt < 3, delay: { seconds: 1 } }) },
    );
    return { one, two };
  },

  async branches(event, context) {
    const parallel = await context.parallel("both", [
      async (branch) => branch.step("left", async () => "l"),
      async (branch) => {
        await branch.wait("nap", { seconds: 1 });
        return branch.step("right", async () => "r");
      },
    ]);
    const mapped = await context.map("squares", event.numbers, async (item, number) =>
      item.step("square", async () => number * number),
    );
    const child = await context.runInChildContext("child", async (inner) =>
      inner.step("inside", async () => "in"),
    );
    return { parallel: parallel.getResults(), mapped: mapped.getResults(), child };
  },

  async callback(event, context) {
    const said = await context.waitForCallback("ask", async () => {}, {
      timeout: { seconds: event.timeout ?? 60 },
    });
    return { said };
  },

  async chain(event, context) {
    const plain = await context.invoke("plain", event.plain, { n: 1 });
    const durable = await context.invoke("durable", event.durable, { kind: "small", n: 2 });
    let refused = "";
    try {
      await context.invoke("nobody", "nobody", {});
    } catch (error) {
      refused = error.name;
    }
    return { plain, durable, refused };
  },

  async small(event, context) {
    return context.step("twice", async () => event.n * 2);
  },

  async crash(event, context) {
    const one = await context.step("one", async () => randomUUID());
    await context.wait("long", { seconds: 4 });
    const slow = await context.step("slow", async () => {
      await nap(2500);
      return "slow";
    });
    return { one, slow };
  },

  async fails(event, context) {
    await context.step("breaks", async () => { throw new Error("broken"); },
      { retryStrategy: () => ({ shouldRetry: false }) });
  },
};

export const handler = withDurableExecution((event, context) => kinds[event.kind](event, context));
