// Prints of each MCAP file a line of JSON: what two readers find in it, one that goes from record to record, one that
// seeks by the index (null where the file has none). Messages are their log time, topic, number and sum; as they stand
// in the file, and by log time. Usage: node list_mcap.js FILE... It runs from the folder that holds its node_modules.
"use strict";

const { createRequire } = require("node:module");
const load = createRequire(process.cwd() + "/");
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { McapIndexedReader, McapStreamReader, TempBuffer } = load("@mcap/core");
const { loadDecompressHandlers } = load("@mcap/support");

const md5 = (data) => createHash("md5").update(data).digest("hex");

function told(channels, { channelId, logTime, sequence, data }) {
  return [logTime.toString(), channels.get(channelId).topic, sequence, md5(data)];
}

function streamed(data, decompressHandlers) {
  const reader = new McapStreamReader({ decompressHandlers, validateCrcs: true });
  reader.append(data);
  const channels = new Map();
  const found = { messages: [], attachments: [], metadata: [] };
  for (let record; (record = reader.nextRecord()); ) {
    if (record.type === "Channel") channels.set(record.id, record);
    if (record.type === "Message") found.messages.push(told(channels, record));
    if (record.type === "Attachment") found.attachments.push([record.name, md5(record.data)]);
    if (record.type === "Metadata") found.metadata.push([record.name, Object.fromEntries(record.metadata)]);
  }
  if (!reader.done()) throw new Error("the file does not end where it should");
  return found;
}

async function indexed(data, decompressHandlers) {
  const reader = await McapIndexedReader.Initialize({ readable: new TempBuffer(data), decompressHandlers });
  if (reader.chunkIndexes.length === 0) return null;
  const found = { messages: [], attachments: [], metadata: [] };
  for await (const message of reader.readMessages({ validateCrcs: true })) {
    found.messages.push(told(reader.channelsById, message));
  }
  for await (const { name, data: held } of reader.readAttachments({ validateCrcs: true })) {
    found.attachments.push([name, md5(held)]);
  }
  for await (const { name, metadata } of reader.readMetadata({})) {
    found.metadata.push([name, Object.fromEntries(metadata)]);
  }
  return found;
}

async function main(paths) {
  const handlers = await loadDecompressHandlers();
  for (const path of paths) {
    const data = readFileSync(path);
    const line = { streamed: streamed(data, handlers), indexed: await indexed(data, handlers) };
    process.stdout.write(JSON.stringify(line) + "\n");
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
