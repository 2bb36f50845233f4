// A bot on the official Go SDK that reads the text and acknowledges.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/open-dingtalk/dingtalk-stream-sdk-go/chatbot"
	"github.com/open-dingtalk/dingtalk-stream-sdk-go/client"
)

func main() {
	var handled atomic.Int64
	cli := client.NewStreamClient(
		client.WithAppCredential(client.NewAppCredentialConfig("ding-demo", "demo-secret")),
		client.WithOpenApiHost(os.Args[1]),
		// At its default of 100 it drops deliveries that a window of 64 holds, since a handler counts until after its answer.
		client.WithMaxPendingHandlers(1000),
	)
	cli.RegisterChatBotCallbackRouter(func(_ context.Context, message *chatbot.BotCallbackDataModel) ([]byte, error) {
		if strings.TrimSpace(message.Text.Content) != "" {
			handled.Add(1)
		}
		return nil, nil
	})
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	if err := cli.Start(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	<-ended
	fmt.Printf("{\"handled\":%d}\n", handled.Load())
}
