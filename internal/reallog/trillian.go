package reallog

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/google/trillian"
	"github.com/google/trillian/extension"
	"github.com/google/trillian/log"
	"github.com/google/trillian/monitoring"
	"github.com/google/trillian/quota"
	"github.com/google/trillian/server"
	"github.com/google/trillian/server/interceptor"
	"github.com/google/trillian/storage"
	"github.com/google/trillian/storage/memory"
	"github.com/google/trillian/util/clock"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/durationpb"
)

// How Trillian is run.
const (
	defaultEvery = 20 * time.Millisecond // between two integrations
	batchSize    = 1000                  // leaves of one integration
	pipeBytes    = 1 << 20
)

// trillianLog is one log of a Trillian server in memory.
type trillianLog struct {
	id     int64
	client trillian.TrillianLogClient
}

// startTrillian runs server and sequencer until ctx ends.
func startTrillian(ctx context.Context, tasks *sync.WaitGroup, every time.Duration) (*trillianLog, error) {
	if every <= 0 {
		every = defaultEvery
	}
	trees := memory.NewTreeStorage()
	registry := extension.Registry{
		AdminStorage: memory.NewAdminStorage(trees),
		LogStorage:   memory.NewLogStorage(trees, nil),
		QuotaManager: quota.Noop(), MetricFactory: monitoring.InertMetricFactory{},
	}
	client, err := serve(ctx, tasks, server.NewTrillianLogRPCServer(registry, clock.System))
	if err != nil {
		return nil, err
	}
	tree, err := storage.CreateTree(ctx, registry.AdminStorage, &trillian.Tree{
		TreeState: trillian.TreeState_ACTIVE, TreeType: trillian.TreeType_LOG, MaxRootDuration: durationpb.New(time.Hour),
	})
	if err != nil {
		return nil, fmt.Errorf("making a tree: %w", err)
	}
	if _, err := client.InitLog(ctx, &trillian.InitLogRequest{LogId: tree.TreeId}); err != nil {
		return nil, fmt.Errorf("initialising the tree: %w", err)
	}
	sequencer := log.NewOperationManager(log.OperationInfo{
		Registry: registry, BatchSize: batchSize, NumWorkers: 1, RunInterval: every, TimeSource: clock.System,
	}, log.NewSequencerManager(registry, 0))
	tasks.Go(func() { sequencer.OperationLoop(ctx) })
	return &trillianLog{tree.TreeId, client}, nil
}

// serve runs the RPC server over a pipe in memory and returns its client.
func serve(ctx context.Context, tasks *sync.WaitGroup, s trillian.TrillianLogServer) (trillian.TrillianLogClient, error) {
	pipe := bufconn.Listen(pipeBytes)
	g := grpc.NewServer(grpc.UnaryInterceptor(interceptor.ErrorWrapper))
	trillian.RegisterTrillianLogServer(g, s)
	conn, err := grpc.NewClient("passthrough:reallog",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return pipe.DialContext(ctx) }))
	if err != nil {
		return nil, fmt.Errorf("connecting to Trillian: %w", err)
	}
	tasks.Go(func() { _ = g.Serve(pipe) })
	context.AfterFunc(ctx, func() {
		_ = conn.Close()
		g.Stop()
	})
	return trillian.NewTrillianLogClient(conn), nil
}
