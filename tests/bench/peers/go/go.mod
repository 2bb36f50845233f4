module dingstream-bench-peer

go 1.19

require github.com/open-dingtalk/dingtalk-stream-sdk-go v0.9.2-beta.1

require (
	github.com/google/uuid v1.3.0 // indirect
	github.com/gorilla/websocket v1.5.0 // indirect
)
