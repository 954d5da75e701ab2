package alert

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// nowWithin bounds telling of an alarm past the outbox.
const nowWithin = 30 * time.Second

// TellNow tells the operator of an alarm that could not be stored, once and past
// the outbox: there may be none, which is what the alarm is of. It carries the id
// that it has when it is stored after all. Only channels that are named as the
// operator's, or as the default, hear of it: which others are no client's is
// known by the store.
func (d *Dispatcher) TellNow(ctx context.Context, a store.Alarm) error {
	names := d.Operator
	if len(names) == 0 {
		names = d.Default
	}
	ctx, cancel := context.WithTimeout(ctx, nowWithin)
	defer cancel()
	now := time.Now().UTC()
	var sending sync.WaitGroup
	errs := make([]error, len(d.Channels))
	for i, c := range d.Channels {
		if !slices.Contains(names, c.Name()) {
			continue
		}
		m := d.head(&store.Delivery{ID: idOf(string(notice.KindAlarm), c.Name(), store.AlarmID(a)), Kind: string(notice.KindAlarm), MadeAt: now, From: now, To: now}, store.WatchList{})
		ofAlarm(m, &a)
		sending.Go(func() {
			if err := c.Send(ctx, m); err != nil {
				errs[i] = fmt.Errorf("telling %s: %w", c.Name(), err)
			}
		})
	}
	sending.Wait()
	return errors.Join(errs...)
}
