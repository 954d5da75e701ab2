package alert_test

import (
	"errors"
	"testing"
	"time"

	"markwatch/internal/alert"
	"markwatch/internal/alert/channel"
	"markwatch/internal/alert/notice"
	"markwatch/store"
)

// TestTellNow guards that an alarm which no store takes is told to the operator
// alone, under the id that it has when it is stored after all.
func TestTellNow(t *testing.T) {
	desk, client := &recorder{name: "desk"}, &recorder{name: "client"}
	deaf := &recorder{name: "deaf", answer: func(int, *notice.Message) error { return errBusy }}
	a := store.Alarm{Kind: "store", Subject: "larkspur", Text: "The disk is full.", Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	m := &memory{}
	d, err := alert.New(m, alert.Options{Channels: []channel.Channel{deaf, desk, client}, Operator: []string{"desk", "deaf"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.TellNow(t.Context(), a); !errors.Is(err, errBusy) {
		t.Errorf("a channel that takes nothing: %v", err)
	}
	if len(client.taken) > 0 || len(desk.taken) != 1 {
		t.Fatalf("told to the client %d times, to the operator %d", len(client.taken), len(desk.taken))
	}
	told := desk.taken[0]
	if told.Kind != notice.KindAlarm || told.Alarm == nil || told.Alarm.Text != a.Text || told.Alarm.Log != "larkspur" {
		t.Errorf("told %+v", told)
	}
	if err := m.RaiseAlarm(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if err := d.Plan(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, planned := range m.current() {
		ids[planned.ID] = true
	}
	if !ids[told.ID] {
		t.Errorf("the stored alarm is planned under %v, and was told as %s", ids, told.ID)
	}
}
