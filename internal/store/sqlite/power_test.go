package sqlite_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlite"
	"quan/internal/testkit"
)

// promise is an acknowledged step: its coupon has at least this revision. The log
// had this size when the answer was in the client's hands, so the step lies whole
// before it.
type promise struct {
	coupon string
	rev    int64
	size   int64
}

// keeper lets clients travel and keeps what they were promised.
type keeper struct {
	*shop
	template string
	path     string // of the log
	mu       sync.Mutex
	made     []promise
	sent     map[string]int64 // revision that a coupon can have at most
}

// travel claims, uses and refunds one coupon after the other until stop.
func (k *keeper) travel(member string, no int, stop <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		name := fmt.Sprintf("%d-%d", no, n)
		order := fmt.Sprintf(`{"source": "shop", "ref": %q}`, name)
		coupon := k.ask("/v1/claims", "claim-"+name, "", 1, fmt.Sprintf(`{"template": %q, "member": {"id": %q}, "channel": "app", "city": "shanghai"}`, k.template, member))
		coupon = k.ask("/v1/redemptions", "use-"+name, coupon, 2, fmt.Sprintf(`{"order": %s, "coupons": [%q], "cart": {"channel": "app",
			"lines": [{"sku": "apple", "category": "fresh/fruit", "quantity": 2, "unit_minor": 5000}]}}`, order, coupon))
		coupon = k.ask("/v1/refunds", "back-"+name, coupon, 3, fmt.Sprintf(`{"order": %s, "refund": "R-%s", "full": true}`, order, name))
		if coupon == "" {
			return
		}
	}
}

// ask sends one step and returns its coupon, "" when it was not acknowledged.
func (k *keeper) ask(path, key, coupon string, rev int64, body string) string {
	if rev > 1 && coupon == "" {
		return ""
	}
	k.mu.Lock()
	k.sent[coupon] = rev
	k.mu.Unlock()
	status, claimed, err := k.send("POST", path, body, key)
	if err != nil || status != 201 {
		k.Errorf("%s: %d %v", key, status, err)
		return ""
	}
	if rev == 1 {
		coupon = claimed
	}
	about, err := os.Stat(k.path)
	if err != nil {
		k.Error(err)
		return ""
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sent[coupon] = max(k.sent[coupon], rev)
	k.made = append(k.made, promise{coupon, rev, about.Size()})
	return coupon
}

// wait returns when so many steps have been acknowledged.
func (k *keeper) wait(steps int) {
	late, tick := time.After(time.Minute), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		k.mu.Lock()
		n := len(k.made)
		k.mu.Unlock()
		if n >= steps {
			return
		}
		select {
		case <-late:
			k.Fatalf("%d steps acknowledged, want %d", n, steps)
		case <-tick.C:
		}
	}
}

// image is what lay on the disk at one moment.
type image struct {
	file, log []byte
	copied    int64 // size of the log whose pages a checkpoint had copied into the file
	promises  []promise
	sent      map[string]int64
	template  id.ID
	now       calendar.Instant
}

// underLoad runs clients on a durable file, checkpoints on the way, and takes an
// image while they go on.
func underLoad(t *testing.T, steps int) image {
	t.Helper()
	k := &keeper{shop: newShop(t), sent: map[string]int64{}}
	k.path = k.engine.Path() + "-wal"
	template := k.Publish(apptest.Limits(testkit.Doc()))
	k.template = id.Format(id.Template, template)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for no, m := range k.Members(8) {
		all.Go(func() { k.travel(id.Format(id.Member, m), no, stop) })
	}
	k.wait(steps / 2)
	about, err := os.Stat(k.path)
	k.Must(err)
	sqlite.Checkpoint(t, k.engine)
	more, err := os.Stat(k.path)
	k.Must(err)
	k.wait(steps)
	var at image
	// The file does not change any more: the next checkpoint is far away.
	at.file, err = os.ReadFile(k.engine.Path())
	k.Must(err)
	at.log, err = os.ReadFile(k.path)
	k.Must(err)
	close(stop)
	all.Wait()
	at.copied, at.promises, at.sent = max(about.Size(), more.Size()), k.made, k.sent
	at.template, at.now = template, k.Clock()
	return at
}

// frames are the starts of the log's frames, and the end of the last whole one; none
// of a log that began anew while it was loaded, with frames of the old one behind:
// what was promised is not told by its size then.
func (i *image) frames() []int64 {
	page := int64(binary.BigEndian.Uint32(i.log[8:]))
	var at []int64
	for o := int64(32); o+24+page <= int64(len(i.log)); o += 24 + page {
		if string(i.log[o+8:o+16]) != string(i.log[16:24]) {
			return nil
		}
		at = append(at, o)
	}
	return append(at, at[len(at)-1]+24+page)
}

// TestPowerLoss cuts and garbles the log of an image behind what was acknowledged:
// at every boundary of a frame, and at sixteen places within each. What had been
// acknowledged is there, nothing is there in part, and verify is clean.
func TestPowerLoss(t *testing.T) {
	steps, last, seed := testkit.Figure(t, "QUAN_POWER_STEPS", 90), testkit.Figure(t, "QUAN_POWER_FRAMES", 8), testkit.Figure[uint64](t, "QUAN_POWER_SEED", 20260417)
	t.Logf("QUAN_POWER_SEED=%d", seed)
	draw := rand.New(rand.NewPCG(seed, 1))
	at := underLoad(t, steps)
	frames := at.frames()
	for try := 0; frames == nil && try < 5; try++ { // the checkpoint met no writer
		at = underLoad(t, steps)
		frames = at.frames()
	}
	if frames == nil {
		t.Fatal("the log began anew each time")
	}
	cases, promised := 0, 0
	from := max(len(frames)-1-last, 0)
	told := testkit.Progress(t, len(frames)-1-from, "frames")
	for n := from; n < len(frames)-1; n++ {
		told(n - from)
		start, end := frames[n], frames[n+1]
		if start < at.copied {
			continue // a checkpoint waits for the log to be on the disk
		}
		offsets := []int64{start}
		for range 16 {
			offsets = append(offsets, start+1+draw.Int64N(end-start-1))
		}
		for i, o := range offsets {
			log := append([]byte{}, at.log...)
			switch {
			case i%2 == 0:
				log = log[:o]
			case i%4 == 1: // one sector is something else, what follows is whole
				for j := o; j < min(o+512, end); j++ {
					log[j] = byte(draw.Uint32())
				}
			default: // one bit is wrong
				log[o] ^= 1 << draw.IntN(8)
			}
			if i%3 == 0 {
				at.tear(draw, frames)
			}
			cases++
			promised += at.recover(t, log, start, fmt.Sprintf("byte %d of the frame at %d", o-start, start))
		}
		if t.Failed() {
			return
		}
	}
	if cases == 0 || promised == 0 {
		t.Errorf("%d cases with %d promises", cases, promised)
	}
	t.Logf("%d frames, %d steps acknowledged; %d cases broken behind %d promises on average", len(frames)-1, len(at.promises), cases, promised/max(cases, 1))
}

// tear breaks pages of the file as a checkpoint leaves them that the power cut
// interrupts: those that the log holds too. The first has the header, which a
// checkpoint writes within one sector.
func (i *image) tear(draw *rand.Rand, frames []int64) {
	page := int64(binary.BigEndian.Uint32(i.log[8:]))
	for _, f := range frames {
		o := (int64(binary.BigEndian.Uint32(i.log[f:])) - 1) * page
		if f+24+page > i.copied {
			return
		}
		if o > 0 && o+page <= int64(len(i.file)) && draw.IntN(4) == 0 {
			for j := range page / 8 {
				i.file[o+j*8] = byte(draw.Uint32())
			}
		}
	}
}

// recover opens the image with this log, of which everything before whole is
// untouched, and returns how many promises it had to keep.
func (i *image) recover(t *testing.T, log []byte, whole int64, what string) (kept int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "quan.db")
	write := func(path string, content []byte) {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(path, i.file)
	write(path+"-wal", log)
	e, err := sqlite.Open(t.Context(), path, sqlite.Options{SkipMigrate: true, Volatile: true})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
		os.RemoveAll(filepath.Dir(path))
	}()
	revs := map[string]int64{}
	err = e.Snapshot(context.Background(), func(tx store.Tx) error {
		for _, name := range tx.Checks().Names() {
			findings, err := tx.Checks().Run(name, i.now, 3)
			if err != nil {
				return err
			}
			for _, f := range findings {
				t.Errorf("%s: %s: %s: %s", what, f.Invariant, f.Subject, f.Detail)
			}
		}
		rows, err := tx.Coupons().List(store.CouponFilter{Template: i.template, Limit: 100_000})
		for _, c := range rows {
			revs[id.Format(id.Coupon, c.ID)] = c.Rev
		}
		return err
	})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, p := range i.promises {
		if p.size > whole {
			continue
		}
		kept++
		if revs[p.coupon] < p.rev {
			t.Errorf("%s: %s has revision %d, and %d was acknowledged", what, p.coupon, revs[p.coupon], p.rev)
		}
	}
	for c, rev := range revs {
		if i.sent[c] > 0 && rev > i.sent[c] {
			t.Errorf("%s: %s has revision %d, and %d was asked for", what, c, rev, i.sent[c])
		}
	}
	return kept
}
