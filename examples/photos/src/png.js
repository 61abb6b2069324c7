// PNG, as much as a thumbnail needs: 8 bits a channel, not interlaced.
const zlib = require("node:zlib");

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const MAX_PIXELS = 64 * 1024 * 1024;

function isPng(bytes) {
  return bytes.length > 33 && bytes.subarray(0, 8).equals(SIGNATURE);
}

/** Decodes to {width, height, data}, four bytes a pixel. */
function decode(bytes) {
  const chunks = readChunks(bytes);
  const header = chunks.find((c) => c.type === "IHDR").data;
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const [depth, color, , , interlace] = header.subarray(8);
  if (depth !== 8 || interlace !== 0 || !(color in CHANNELS)) {
    throw new Error(`PNG of ${depth} bits, interlace ${interlace}: only 8 bits without interlace`);
  }
  if (width * height > MAX_PIXELS) {
    throw new Error(`PNG of ${width} x ${height} pixels: more than ${MAX_PIXELS}`);
  }
  const channels = CHANNELS[color];
  const packed = Buffer.concat(chunks.filter((c) => c.type === "IDAT").map((c) => c.data));
  const raw = zlib.inflateSync(packed, { maxOutputLength: (width * channels + 1) * height });
  const rows = unfilter(raw, width, height, channels);
  const palette = chunks.find((c) => c.type === "PLTE")?.data;
  return { width, height, data: toRgba(rows, width * height, color, palette) };
}

function readChunks(bytes) {
  const chunks = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function unfilter(raw, width, height, channels) {
  const stride = width * channels;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const value = raw[y * (stride + 1) + 1 + x];
      const left = x >= channels ? out[y * stride + x - channels] : 0;
      const up = y > 0 ? out[(y - 1) * stride + x] : 0;
      const corner = x >= channels && y > 0 ? out[(y - 1) * stride + x - channels] : 0;
      out[y * stride + x] = value + predict(filter, left, up, corner);
    }
  }
  return out;
}

function predict(filter, left, up, corner) {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const p = left + up - corner;
      const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      throw new Error(`PNG filter ${filter}`);
  }
}

function toRgba(rows, pixels, color, palette) {
  const out = Buffer.alloc(pixels * 4, 255);
  for (let i = 0; i < pixels; i++) {
    switch (color) {
      case 0:
        out.fill(rows[i], i * 4, i * 4 + 3);
        break;
      case 2:
        rows.copy(out, i * 4, i * 3, i * 3 + 3);
        break;
      case 3:
        palette.copy(out, i * 4, rows[i] * 3, rows[i] * 3 + 3);
        break;
      case 4:
        out.fill(rows[i * 2], i * 4, i * 4 + 3);
        out[i * 4 + 3] = rows[i * 2 + 1];
        break;
      default:
        rows.copy(out, i * 4, i * 4, i * 4 + 4);
    }
  }
  return out;
}

/** Encodes {width, height, data} of four bytes a pixel. */
function encode({ width, height, data }) {
  const raw = Buffer.alloc((width * 4 + 1) * height);
  for (let y = 0; y < height; y++) {
    data.copy(raw, y * (width * 4 + 1) + 1, y * width * 4, (y + 1) * width * 4);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", zlib.deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc(body), body.length + 4);
  return out;
}

const CRC = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

function crc(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = CRC[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

module.exports = { isPng, decode, encode };
