package sqlite

import (
	"context"
	"time"

	"quan/internal/store/sqlrepo"
)

// loadRest is how many times as long as a page took a load rests behind it: what it
// brings saves time, and must not cost the start of a flash sale any.
const loadRest = 3

// load reads the requests of a week for the writer's memory, beside everything else.
// Where it fails nothing is lost: the writer goes on asking the rows.
func (e *Engine) load(l sqlrepo.Load) {
	e.loading.Go(func() {
		for more := true; more; {
			began := time.Now()
			err := e.view(context.Background(), func(x *executor) (err error) {
				more, err = l.Page(sqlrepo.New(x, true))
				return err
			})
			if err != nil || !l.Give(more, e.quit) {
				return
			}
			select {
			case <-e.quit:
				return
			case <-time.After(loadRest * time.Since(began)):
			}
		}
	})
}
