// Prints each message of an MCAP file as a line of JSON, by log time, then its attachments and metadata as one line.
// Messages are decoded by what the file itself says of them; FlatBuffers are not, and have no `message`.
// Usage: node read_mcap.js FILE. It runs from the folder that holds its node_modules.
"use strict";

const { createRequire } = require("node:module");
const load = createRequire(process.cwd() + "/");
const { createHash } = require("node:crypto");
const { open } = require("node:fs/promises");
const { McapIndexedReader } = load("@mcap/core");
const { loadDecompressHandlers } = load("@mcap/support");
const { parse } = load("@foxglove/rosmsg");
const { parseRos2idl } = load("@foxglove/ros2idl-parser");
const ros1 = load("@foxglove/rosmsg-serialization");
const ros2 = load("@foxglove/rosmsg2-serialization");
const protobuf = load("protobufjs");
const { FileDescriptorSet } = load("protobufjs/ext/descriptor");

// JSON has no word for these: NaN and infinities become strings, 64-bit integers strings of digits.
function plain(_key, value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return value.length > 10000 ? value.length : Array.from(value);
  return value;
}

const text = (data) => new TextDecoder("utf-8", { fatal: true }).decode(data);

const decoders = {
  jsonschema: () => (data) => JSON.parse(text(data)),
  "": () => (data) => JSON.parse(text(data)),
  ros1msg: (schema) => {
    const reader = new ros1.MessageReader(parse(text(schema.data)));
    return (data) => reader.readMessage(data);
  },
  ros2msg: (schema) => {
    const reader = new ros2.MessageReader(parse(text(schema.data), { ros2: true }));
    return (data) => reader.readMessage(data);
  },
  ros2idl: (schema) => {
    const reader = new ros2.MessageReader(parseRos2idl(text(schema.data)));
    return (data) => reader.readMessage(data);
  },
  protobuf: (schema) => {
    const root = protobuf.Root.fromDescriptor(FileDescriptorSet.decode(schema.data));
    root.resolveAll();
    const type = root.lookupType(schema.name);
    return (data) => type.toObject(type.decode(data), { longs: Number, defaults: true });
  },
  flatbuffer: () => () => undefined,
};

class FileReadable {
  constructor(handle) {
    this.handle = handle;
  }
  async size() {
    return BigInt((await this.handle.stat()).size);
  }
  async read(offset, size) {
    const out = new Uint8Array(Number(size));
    await this.handle.read(out, 0, out.length, Number(offset));
    return out;
  }
}

async function main(path) {
  const handle = await open(path);
  const decompressHandlers = await loadDecompressHandlers();
  const reader = await McapIndexedReader.Initialize({ readable: new FileReadable(handle), decompressHandlers });
  const decode = new Map();
  const lines = [];
  for await (const { channelId, logTime, sequence, data } of reader.readMessages()) {
    const channel = reader.channelsById.get(channelId);
    const schema = reader.schemasById.get(channel.schemaId);
    if (!decode.has(channelId)) decode.set(channelId, decoders[schema?.encoding ?? ""](schema));
    const md5 = createHash("md5").update(data).digest("hex");
    const message = decode.get(channelId)(data);
    lines.push({ topic: channel.topic, logTime, sequence, md5, schema: schema?.name ?? "", message });
  }
  const attachments = [];
  for await (const { name, mediaType, data } of reader.readAttachments({})) {
    attachments.push({ name, mediaType, md5: createHash("md5").update(data).digest("hex") });
  }
  const metadata = [];
  for await (const record of reader.readMetadata({})) {
    metadata.push({ name: record.name, entries: Object.fromEntries(record.metadata) });
  }
  lines.push({ attachments, metadata });
  process.stdout.write(lines.map((line) => JSON.stringify(line, plain) + "\n").join(""));
  await handle.close();
}

main(process.argv[2]).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
