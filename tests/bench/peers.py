"""What we are compared with: two clients written by hand, and DingTalk's own SDKs, installed below build/bench/."""

from clients import BUILD, HERE, Client, binary, python_with_sdk, quietly

NODE_SDK = "dingtalk-stream@2.1.5"
JAVA_SDK = "com.dingtalk.open:app-stream-client:1.3.12"
# The plugin that Maven takes unasked is older, and looks for more than the jar.
MAVEN_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def hand_written(name):
    return lambda: Client(name, [str(binary("dingstream-bench")), name, "{url}"])


def python_sdk():
    bot = str(HERE / "peers" / "python_bot.py")
    return Client("python-sdk", ["env", "DINGTALK_OPENAPI_ENDPOINT={url}", str(python_with_sdk()), bot])


def node_sdk():
    folder = BUILD / "node"
    folder.mkdir(parents=True, exist_ok=True)
    quietly("npm", "install", "--no-audit", "--no-fund", "--prefix", folder, NODE_SDK)
    # This SDK has no setting for its host. Everything else in it stays as it was published.
    constants = folder / "node_modules" / "dingtalk-stream" / "dist" / "constants.mjs"
    constants.write_text(constants.read_text().replace('"https://api.dingtalk.com/', 'process.env.DINGTALK_API + "/'))
    # Modules are looked up from where the bot's file is.
    bot = folder / "bot.mjs"
    bot.write_bytes((HERE / "peers" / "node_bot.mjs").read_bytes())
    return Client("node-sdk", ["env", "DINGTALK_API={url}", "node", str(bot)])


def go_sdk():
    bot = BUILD / "go" / "bot"
    quietly("go", "build", "-o", bot, ".", folder=HERE / "peers" / "go")
    return Client("go-sdk", [str(bot), "{url}"])


def java_sdk():
    folder = BUILD / "java"
    _, name, version = JAVA_SDK.split(":")
    jar = folder / f"{name}-{version}.jar"
    if not jar.exists():
        quietly("mvn", "--batch-mode", MAVEN_COPY, f"-Dartifact={JAVA_SDK}", f"-DoutputDirectory={folder}")
    quietly("javac", "-nowarn", "-classpath", jar, "-d", folder, HERE / "peers" / "java" / "Bot.java")
    return Client("java-sdk", ["java", "-classpath", f"{jar}:{folder}", "Bot", "{url}"])


PREPARE = {
    "raw": hand_written("raw"),
    "plain": hand_written("plain"),
    "go-sdk": go_sdk,
    "java-sdk": java_sdk,
    "node-sdk": node_sdk,
    "python-sdk": python_sdk,
}
