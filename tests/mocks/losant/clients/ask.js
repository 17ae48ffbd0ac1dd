// Drives the mock with Losant's own client: one line of JSON on stdin per call, one line of JSON on stdout per answer.
const api = require("losant-rest");
const readline = require("readline");

const lines = readline.createInterface({ input: process.stdin });
const answers = [];
lines.on("line", (line) => {
  const { url, token, action, params } = JSON.parse(line);
  const client = api.createClient({ accessToken: token, url });
  answers.push(
    client.data[action](params).then(
      (result) => ({ result }),
      (error) => ({ error: { type: error.type, message: error.message, statusCode: error.statusCode } }),
    ),
  );
});
lines.on("close", async () => {
  for (const answer of answers) console.log(JSON.stringify(await answer));
  process.exit(0);
});
