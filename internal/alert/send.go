package alert

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// Schedule are the waits before each try, the first one included; behind the
// last a delivery is given up. It is that of the Standard Webhooks specification.
func Schedule() []time.Duration {
	return []time.Duration{
		0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour,
		10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
	}
}

const (
	pageSize    = 50              // deliveries read at once
	saveEvery   = time.Second     // what was sent is written down so often
	sendWithin  = 3 * time.Minute // one try
	longestWait = 24 * time.Hour
	clockSlack  = time.Minute // clocks of several senders may differ by so much
	jitter      = 0.1         // of a wait, either way
	ailing      = 4           // failures in a row after which the operator hears of a channel
	maxShown    = 25          // hits in one message; the others are counted
)

// The kinds of alarms of a channel.
const (
	AlarmFailing  = "channel"  // it takes nothing
	AlarmDead     = "dead"     // deliveries to it were given up
	AlarmDisabled = "disabled" // it is gone and takes nothing until a person enables it
)

// sender sends what waits for one channel, in order.
type sender struct {
	*Dispatcher
	channel.Channel
	streak   int              // failures in a row
	outcomes []store.Delivery // not yet written down
	saved    time.Time
}

// sendAll sends what waits for a channel until ctx ends.
func (d *Dispatcher) sendAll(ctx context.Context, c channel.Channel) {
	s := &sender{Dispatcher: d, Channel: c, saved: time.Now()}
	defer s.saveBeforeEnd(ctx)
	for ctx.Err() == nil {
		wait, err := s.sendPage(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.Error("nothing is sent while the store is away; it is asked again", "channel", c.Name(), "error", err)
			wait = storeWait
		}
		if wait > 0 {
			sleep(ctx, wait, d.wake[c.Name()])
		}
	}
}

// drain sends what waits for a channel until nothing is left or one fails.
func (d *Dispatcher) drain(ctx context.Context, c channel.Channel) error {
	s := &sender{Dispatcher: d, Channel: c, saved: time.Now()}
	defer s.saveBeforeEnd(ctx)
	for {
		wait, err := s.sendPage(ctx)
		if err != nil {
			return err
		}
		if wait > 0 {
			break
		}
	}
	waiting, err := d.outbox.Queue(ctx, c.Name(), 1)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return fmt.Errorf("the channel %s did not take everything: %s; what waits is sent at the next run", c.Name(), waiting[0].Error)
}

// sendPage sends the next deliveries that are due, and says how long to wait
// before there may be more; 0: not at all.
func (s *sender) sendPage(ctx context.Context) (time.Duration, error) {
	lists := s.lists.Load()
	if lists == nil {
		return time.Minute, nil // until Plan has read them, and wakes
	}
	states, err := s.outbox.Channels(ctx)
	if err != nil {
		return 0, err
	}
	if states[s.Name()].Disabled {
		return time.Minute, nil
	}
	page, err := s.outbox.Queue(ctx, s.Name(), pageSize)
	if err != nil {
		return 0, err
	}
	if len(page) == 0 {
		return time.Minute, nil
	}
	if wait := waits(&page[0]); wait > 0 {
		return wait, nil
	}
	if page, err = s.stays(ctx, page, lists); err != nil {
		return 0, err
	}
	messages, err := s.compose(ctx, page, lists.all)
	if err != nil {
		return 0, err
	}
	var wait time.Duration
	for i := range page {
		if waits(&page[i]) <= 0 && ctx.Err() == nil {
			wait = s.sendOne(ctx, page[i], messages[i])
		}
		if wait > 0 || time.Since(s.saved) >= saveEvery {
			if err := s.saveOutcomes(ctx); err != nil {
				return 0, err
			}
		}
		if wait > 0 {
			break
		}
	}
	return wait, s.saveOutcomes(ctx)
}

// waits is how long until a delivery is due. One whose last try lies ahead was
// tried by a clock that has been put back since, by which it would wait for as long
// as that was fast: it is due.
func waits(d *store.Delivery) time.Duration {
	now := time.Now()
	if d.At.After(now.Add(clockSlack)) {
		return 0
	}
	return d.DueAt.Sub(now)
}

// sendOne tries one delivery and notes what became of it. It returns how long
// the channel is to be left alone.
func (s *sender) sendOne(ctx context.Context, d store.Delivery, m *notice.Message) time.Duration {
	if m == nil {
		d.State, d.Error, d.At = store.DeliveryQuiet, "what it was to tell is withdrawn or dismissed", time.Now().UTC()
		s.outcomes = append(s.outcomes, d)
		return 0
	}
	limited, cancel := context.WithTimeout(ctx, sendWithin)
	err := s.Send(limited, m)
	cancel()
	if err != nil && ctx.Err() != nil {
		return 0 // markwatch ends: it is not the channel's fault, and counts for nothing
	}
	d.Attempt++
	d.At = time.Now().UTC()
	var wait time.Duration
	if err == nil {
		d.State, d.Error = store.DeliverySent, ""
		s.recovered(ctx)
	} else {
		wait = s.failed(ctx, &d, err)
	}
	s.outcomes = append(s.outcomes, d)
	s.Observe(Event{Channel: s.Name(), State: d.State, Delay: d.At.Sub(d.MadeAt)})
	return wait
}

// failed says what a failed try means for the delivery, and how long the channel
// is to be left alone.
func (s *sender) failed(ctx context.Context, d *store.Delivery, err error) time.Duration {
	d.Error = err.Error()
	var refused *channel.RefusedError
	var gone *channel.GoneError
	switch {
	case errors.As(err, &refused):
		d.State = store.DeliveryDead
		s.Log.Error("a message is refused, and given up", "channel", s.Name(), "delivery", d.ID, "error", err)
		s.raise(ctx, AlarmDead, fmt.Sprintf("The channel %s refused a message: %v. Look at it with markwatch alerts deliveries --state dead, mend the cause, and send it again with markwatch alerts redeliver.", s.Name(), err))
		return 0
	case errors.As(err, &gone):
		s.disable(ctx, err)
		d.DueAt = d.At
		return time.Minute
	}
	s.streak++
	schedule := Schedule()
	var whole time.Duration
	for _, wait := range schedule {
		whole += wait
	}
	if int(d.Attempt) >= len(schedule) || d.At.Sub(d.MadeAt) > whole+longestWait {
		d.State = store.DeliveryDead
		s.Log.Error("a message is given up", "channel", s.Name(), "delivery", d.ID, "attempts", d.Attempt, "error", err)
		s.raise(ctx, AlarmDead, fmt.Sprintf("The channel %s took no message for days, and one is given up: %v. Mend the cause, look with markwatch alerts deliveries --state dead, and send again with markwatch alerts redeliver.", s.Name(), err))
		return schedule[1]
	}
	wait := schedule[min(max(int(d.Attempt), s.streak), len(schedule)-1)]
	wait = time.Duration(float64(wait) * (1 - jitter + 2*jitter*rand.Float64()))
	var retry *channel.RetryError
	if errors.As(err, &retry) {
		wait = max(wait, min(retry.After, longestWait))
	}
	d.DueAt = d.At.Add(wait)
	s.Log.Warn("a message could not be sent; it is tried again", "channel", s.Name(), "delivery", d.ID, "attempt", d.Attempt, "wait", wait.Round(time.Second), "error", err)
	if s.streak == ailing {
		s.raise(ctx, AlarmFailing, fmt.Sprintf("The channel %s takes no messages: %v. They wait and are tried again for three days.", s.Name(), err))
	}
	return wait
}

// recovered notes that the channel takes messages.
func (s *sender) recovered(ctx context.Context) {
	if s.streak >= ailing {
		s.clear(ctx, AlarmFailing)
	}
	s.streak = 0
}

// disable keeps everything from a channel whose address is gone for good.
func (s *sender) disable(ctx context.Context, err error) {
	s.Log.Error("a channel is gone and takes nothing more until a person enables it", "channel", s.Name(), "error", err)
	state := store.ChannelState{Channel: s.Name(), Disabled: true, Reason: err.Error(), Author: "markwatch", At: time.Now().UTC()}
	if err := s.outbox.SaveChannel(ctx, state); err != nil {
		s.Log.Error("recording that a channel is gone", "channel", s.Name(), "error", err)
	}
	s.raise(ctx, AlarmDisabled, fmt.Sprintf("The channel %s is gone: %v. Its messages wait. Correct its address, then markwatch alerts enable %s.", s.Name(), err, s.Name()))
}

func (s *sender) raise(ctx context.Context, kind, text string) {
	if err := s.outbox.RaiseAlarm(ctx, store.Alarm{Kind: kind, Subject: s.Name(), Text: text, Since: time.Now().UTC()}); err != nil {
		s.Log.Error("raising an alarm", "alarm", text, "error", err)
	}
}

func (s *sender) clear(ctx context.Context, kind string) {
	if err := s.outbox.ClearAlarm(ctx, kind, s.Name(), time.Now().UTC()); err != nil {
		s.Log.Error("clearing an alarm", "channel", s.Name(), "error", err)
	}
}

// saveOutcomes writes down what was sent. Until then it would be sent again.
func (s *sender) saveOutcomes(ctx context.Context) error {
	if len(s.outcomes) == 0 {
		return nil
	}
	for {
		err := s.outbox.SaveDeliveries(ctx, s.outcomes)
		if err == nil {
			s.outcomes, s.saved = nil, time.Now()
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
		s.Log.Error("the store does not take what was sent; it is tried again", "channel", s.Name(), "error", err)
		sleep(ctx, storeWait, nil)
	}
}

// saveBeforeEnd writes down what was sent when markwatch ends.
func (s *sender) saveBeforeEnd(ctx context.Context) {
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWait)
	defer cancel()
	if len(s.outcomes) == 0 {
		return
	}
	if err := s.outbox.SaveDeliveries(end, s.outcomes); err != nil {
		s.Log.Error("what was sent last could not be written down, and will be sent again under the same id", "channel", s.Name(), "messages", len(s.outcomes), "error", err)
	}
}
