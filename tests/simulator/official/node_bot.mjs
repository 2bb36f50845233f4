// A bot on the official Node SDK; its gateway address is the only thing that was replaced.

import { DWClient, EventAck } from "dingtalk-stream";

const client = new DWClient({
  clientId: process.env.CLIENT_ID,
  clientSecret: process.env.CLIENT_SECRET,
});

client.registerAllEventListener(() => ({ status: EventAck.SUCCESS }));

client.registerCallbackListener("/v1.0/im/bot/messages/get", async ({ headers, data }) => {
  const message = JSON.parse(data);
  await fetch(message.sessionWebhook, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ msgtype: "text", text: { content: `echo: ${message.text.content.trim()}` } }),
  });
  client.socketCallBackResponse(headers.messageId, null);
});

client.registerCallbackListener("/v1.0/card/instances/callback", ({ headers, data }) => {
  const [action] = JSON.parse(JSON.parse(data).content).cardPrivateData.actionIds;
  client.socketCallBackResponse(headers.messageId, { cardData: { cardParamMap: { clicked: action } } });
});

client.connect();
