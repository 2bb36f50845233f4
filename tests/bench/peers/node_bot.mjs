// A bot on the official Node SDK that reads the text and acknowledges; its gateway address is all that was replaced.

import { DWClient, TOPIC_ROBOT } from "dingtalk-stream";

let handled = 0;
const client = new DWClient({ clientId: "ding-demo", clientSecret: "demo-secret" });

client.registerCallbackListener(TOPIC_ROBOT, ({ headers, data }) => {
  const message = JSON.parse(data);
  if (message.text.content.trim()) handled += 1;
  client.socketCallBackResponse(headers.messageId, null);
});

process.on("SIGTERM", () => {
  console.log(JSON.stringify({ handled }));
  process.exit(0);
});

client.connect();
