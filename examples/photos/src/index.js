// Told by S3 of each new image under uploads/: reads its dimensions, makes a thumbnail, writes
// what it found to DynamoDB, and tells SNS.
const { S3Client, GetObjectCommand, PutObjectCommand } = require("@aws-sdk/client-s3");
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const { SNSClient, PublishCommand } = require("@aws-sdk/client-sns");
const png = require("./png");

const THUMBNAIL_SIZE = 96;
const s3 = new S3Client({ forcePathStyle: true });
const dynamodb = new DynamoDBClient({});
const sns = new SNSClient({});

exports.handler = async (event) => {
  for (const record of event.Records) {
    const bucket = record.s3.bucket.name;
    const key = decodeURIComponent(record.s3.object.key.replace(/\+/g, " "));
    await handle(bucket, key);
  }
};

async function handle(bucket, key) {
  const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const image = decode(Buffer.from(await object.Body.transformToByteArray()));
  const small = shrink(image, THUMBNAIL_SIZE);
  const thumbnail = key.replace(/^uploads\//, "thumbnails/").replace(/\.\w+$/, "") + ".png";
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: thumbnail,
      Body: png.encode(small),
      ContentType: "image/png",
    }),
  );
  const facts = {
    photo: key,
    width: image.width,
    height: image.height,
    thumbnail,
    thumbnailWidth: small.width,
    thumbnailHeight: small.height,
  };
  await dynamodb.send(
    new PutItemCommand({ TableName: process.env.TABLE, Item: toAttributes(facts) }),
  );
  await sns.send(
    new PublishCommand({
      TopicArn: process.env.TOPIC,
      Subject: "Photo ready",
      Message: JSON.stringify(facts),
    }),
  );
  console.log(`${key}: ${image.width} x ${image.height}, thumbnail ${thumbnail}`);
}

function toAttributes(facts) {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [
      name,
      typeof value === "number" ? { N: String(value) } : { S: value },
    ]),
  );
}

function decode(bytes) {
  if (png.isPng(bytes)) return png.decode(bytes);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return require("jpeg-js").decode(bytes);
  throw new Error("neither PNG nor JPEG");
}

/** Shrinks to fit a square of `size`, each pixel the mean of those it covers. */
function shrink({ width, height, data }, size) {
  const scale = Math.min(1, size / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const out = Buffer.alloc(w * h * 4);
  for (let y = 0; y < h; y++) {
    const [top, bottom] = [Math.floor((y * height) / h), Math.ceil(((y + 1) * height) / h)];
    for (let x = 0; x < w; x++) {
      const [left, right] = [Math.floor((x * width) / w), Math.ceil(((x + 1) * width) / w)];
      const sum = [0, 0, 0, 0];
      for (let v = top; v < bottom; v++) {
        for (let u = left; u < right; u++) {
          for (let c = 0; c < 4; c++) sum[c] += data[(v * width + u) * 4 + c];
        }
      }
      const count = (bottom - top) * (right - left);
      for (let c = 0; c < 4; c++) out[(y * w + x) * 4 + c] = Math.round(sum[c] / count);
    }
  }
  return { width: w, height: h, data: out };
}
