// A bot on the official Java SDK that reads the text and acknowledges.

import com.dingtalk.open.app.api.OpenDingTalkStreamClientBuilder;
import com.dingtalk.open.app.api.callback.DingTalkStreamTopics;
import com.dingtalk.open.app.api.callback.OpenDingTalkCallbackListener;
import com.dingtalk.open.app.api.models.bot.ChatbotMessage;
import com.dingtalk.open.app.api.security.AuthClientCredential;
import com.dingtalk.open.app.stream.network.api.TransportProtocol;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

public final class Bot {
    private static final AtomicLong HANDLED = new AtomicLong();

    /** A class: the SDK can't read the types of every lambda. */
    private static final class Answer implements OpenDingTalkCallbackListener<ChatbotMessage, Void> {
        @Override
        public Void execute(ChatbotMessage message) {
            if (!message.getText().getContent().trim().isEmpty()) {
                HANDLED.incrementAndGet();
            }
            return null;
        }
    }

    public static void main(String[] arguments) throws Exception {
        allowWithoutTls();
        OpenDingTalkStreamClientBuilder builder = OpenDingTalkStreamClientBuilder.custom()
            .credential(new AuthClientCredential("ding-demo", "demo-secret"))
            .registerCallbackListener(DingTalkStreamTopics.BOT_MESSAGE_TOPIC, new Answer());
        // The setter of the host is private.
        Method host = OpenDingTalkStreamClientBuilder.class.getDeclaredMethod("openApiHost", String.class);
        host.setAccessible(true);
        host.invoke(builder, arguments[0]);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("{\"handled\":" + HANDLED + "}")));
        builder.build().start();
    }

    /** The SDK connects to `wss` alone: `ws` becomes the same without TLS, as every other client here has it. */
    @SuppressWarnings("unchecked")
    private static void allowWithoutTls() throws ReflectiveOperationException {
        field("tls").setBoolean(TransportProtocol.WSS, false);
        ((Map<String, TransportProtocol>) field("MAPPING").get(null)).put("ws", TransportProtocol.WSS);
    }

    private static Field field(String name) throws ReflectiveOperationException {
        Field field = TransportProtocol.class.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }
}
