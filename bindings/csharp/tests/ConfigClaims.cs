using System;
using System.Linq;
using DingStream;

public static class ConfigClaims
{
    public static void What_cannot_work_is_refused_when_the_client_is_made()
    {
        var error = Check.Throws<DingStreamConfigException>(() => new Client(" ", "secret"));
        Check.Contains("client_id is empty", error.Message);
        Check.Contains("developer console", error.Hint);
        Check.Throws<DingStreamConfigException>(() => new Client("id", "secret", new ClientOptions { Endpoint = "ftp://x" }));
        Check.Throws<DingStreamConfigException>(() => new Client("id", "secret", new ClientOptions { InboxCount = 0 }));
        Check.Throws<DingStreamConfigException>(
            () => new Client("id", "secret", new ClientOptions { StopDeadline = TimeSpan.FromSeconds(-1) }));
        Check.Throws<ArgumentNullException>(() => new Client(null, "secret"));
        Check.Throws<ArgumentNullException>(() => new Client("id", null));
    }

    public static void A_secret_is_in_no_error()
    {
        var error = Check.Throws<DingStreamException>(
            () => new Client("id", "planted-secret", new ClientOptions { Endpoint = "no url" }));
        Check.That(!error.ToString().Contains("planted"), "the secret stays out");
    }

    public static void Every_kind_of_error_has_a_class_of_its_own()
    {
        var classes = typeof(DingStreamException).Assembly.GetTypes().Where(type => type.BaseType == typeof(DingStreamException));
        var expected = Enum.GetNames(typeof(ErrorKind)).Select(name => $"DingStream{name}Exception").OrderBy(name => name);
        Check.Equal(string.Join(" ", expected), string.Join(" ", classes.Select(type => type.Name).OrderBy(name => name)));
    }

    public static void A_message_never_changes()
    {
        var message = Message.Markdown("title", "text");
        message.AtMobiles("138").AtUserIds("u").AtAll();
        Check.Equal("Message(markdown)", message.ToString());
        Check.Throws<ArgumentNullException>(() => Message.Text(null));
    }
}
