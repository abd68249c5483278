package sqlrepo

import (
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// ErrMemory is that of a memory that differs from the rows: a bug.
var ErrMemory = errors.New("memory differs")

// Audit compares all that is remembered with the rows, which it reads through an
// executor of the writer's own transaction. An error names the first difference.
func (m *Memory) Audit(exec Executor) error {
	tx := &Tx{exec: exec}
	for _, part := range []func(*Tx) error{m.auditNames, m.auditMembers, m.auditCounters, m.auditYoung, m.auditWeeks} {
		if err := part(tx); err != nil {
			return err
		}
	}
	return nil
}

// each calls fn for both halves of a shelf, of which the younger one counts.
func (s *shelf[K, V]) each(fn func(K, V) error) error {
	for k, v := range s.young {
		if err := fn(k, v); err != nil {
			return err
		}
	}
	for k, v := range s.old {
		if _, newer := s.young[k]; !newer {
			if err := fn(k, v); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Memory) auditNames(tx *Tx) error {
	return m.named.each(func(at nameAt, named id.ID) error {
		key := member.Key{Kind: m.kinds[at.kind], Hash: hex.EncodeToString(at.hash[:])}
		rows, err := tx.Members().Find([]member.Key{key})
		if err == nil && (len(rows) != 1 || rows[0].Member != named) {
			err = fmt.Errorf("%w: %d identities of kind %s and hash %s do not name %d", ErrMemory, len(rows), key.Kind, key.Hash, named)
		}
		return err
	})
}

func (m *Memory) auditMembers(tx *Tx) error {
	return m.members.each(func(i id.ID, kept member.Member) error {
		rows, err := tx.Members().Get([]id.ID{i})
		if err == nil && (len(rows) != 1 || !reflect.DeepEqual(rows[0], kept)) {
			err = fmt.Errorf("%w: member %d is %+v, remembered is %+v", ErrMemory, i, rows, kept)
		}
		return err
	})
}

func (m *Memory) auditCounters(tx *Tx) error {
	return m.counters.each(func(at counterAt, kept figures) error {
		k := at.key()
		rows, err := tx.Counters().Get([]limit.Key{k})
		var is figures
		if len(rows) == 1 {
			is = figuresOf(&rows[0])
		}
		if err == nil && is != kept {
			err = fmt.Errorf("%w: counter %v is %+v, remembered is %+v", ErrMemory, k, is, kept)
		}
		return err
	})
}

func (k counterAt) key() limit.Key {
	return limit.Key{Template: k.template, Subject: k.subject, Start: calendar.Date(k.start),
		Per: perNumbers[k.per-1], What: whatNumbers[k.what-1], Period: periodNumbers[k.period-1]}
}

var (
	countersAll = same("check.memory.counters", "SELECT "+counterColumns+" FROM counters WHERE template = $1 AND per = 1")
	couponsAll  = same("check.memory.requests", "SELECT member, request_key FROM coupons WHERE week = $1 AND request_key <> 0")
)

func (m *Memory) auditYoung(tx *Tx) error {
	for template, young := range m.young {
		rows, err := collect(tx, countersAll, scanCounter, int64(template))
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(rows, func(c limit.Counter) bool { return !m.first.mayHold(counterOf(c.Key).hash()) }); young && at >= 0 {
			return fmt.Errorf("%w: counter %v of a young template is not in the filter", ErrMemory, rows[at])
		}
	}
	return nil
}

func (m *Memory) auditWeeks(tx *Tx) error {
	for week, known := range m.weeks {
		if !known {
			continue
		}
		err := tx.query(couponsAll, []any{week}, func(row Scanner) error {
			var who, key int64
			if err := row.Scan(&who, &key); err != nil {
				return err
			}
			if !m.requests.mayHold(requestHash(who, key)) {
				return fmt.Errorf("%w: request %d of member %d in week %d is not in the filter", ErrMemory, key, who, week)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
