// Prints each message of a ROS 1 bag as a line of JSON, in the order of the reader. Usage: node read_bag.js FILE
// It runs from the folder that holds its node_modules.
"use strict";

const { createRequire } = require("node:module");
const load = createRequire(process.cwd() + "/");
const { createHash } = require("node:crypto");
const { Bag } = load("@foxglove/rosbag");
const { FileReader } = load("@foxglove/rosbag/node");
const bzip = load("seek-bzip");
const lz4 = load("@foxglove/wasm-lz4");

// JSON has no word for these: NaN and infinities become strings, 64-bit integers strings of digits.
// Of a raw image only the length is told; its bytes are in the sum of the message.
function plain(_key, value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (ArrayBuffer.isView(value)) return value.length > 10000 ? value.length : Array.from(value);
  return value;
}

async function main(path) {
  await lz4.isLoaded;
  const bag = new Bag(new FileReader(path), {
    decompress: {
      bz2: (data, size) => bzip.decode(Buffer.from(data), size),
      lz4: (data, size) => lz4(data, size),
    },
  });
  await bag.open();
  const lines = [];
  for await (const { topic, timestamp, data, connectionId, message } of bag.messageIterator()) {
    const md5 = createHash("md5").update(data).digest("hex");
    lines.push(JSON.stringify({ topic, timestamp, connection: connectionId, md5, message }, plain));
  }
  process.stdout.write(lines.map((line) => line + "\n").join(""));
}

main(process.argv[2]).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
