package sqlrepo

import (
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

const sessionColumns = "hash, id, person, created_at, seen_at, agent, address"

var (
	sessionsGet = newStatement("sessions.get",
		"SELECT "+sessionColumns+" FROM sessions WHERE hash IN (SELECT value FROM json_each($1))",
		"SELECT "+sessionColumns+" FROM sessions WHERE hash = ANY($1::text[])")
	sessionsOf     = same("sessions.ofPerson", "SELECT "+sessionColumns+" FROM sessions WHERE person = $1 ORDER BY id DESC")
	sessionsInsert = insertOf("sessions", "hash:t id person created_at seen_at agent:t address:t")
	sessionsSeen   = same("sessions.seen", "UPDATE sessions SET seen_at = $2 WHERE hash = $1 AND seen_at < $2")
	sessionsEndAll = same("sessions.endAll", "DELETE FROM sessions WHERE person = $1")
	sessionsEnd    = newStatement("sessions.end",
		"DELETE FROM sessions WHERE person = $1 AND id IN (SELECT value FROM json_each($2))",
		"DELETE FROM sessions WHERE person = $1 AND id = ANY($2::bigint[])")
	sessionsEndUnseen = same("sessions.endUnseen", "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE seen_at < $1 ORDER BY seen_at LIMIT $2)")
	sessionsEndOld    = same("sessions.endOld", "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions WHERE created_at < $1 ORDER BY created_at LIMIT $2)")
)

type sessionRows struct{ tx *Tx }

func scanSession(row Scanner) (s person.Session, err error) {
	err = row.Scan(&s.Hash, &s.ID, &s.Person, &s.CreatedAt, &s.SeenAt, &s.Agent, &s.Address)
	return s, err
}

func (r sessionRows) Get(hashes []string) ([]person.Session, error) {
	return collect(r.tx, sessionsGet, scanSession, words(hashes))
}

func (r sessionRows) OfPerson(owner id.ID) ([]person.Session, error) {
	return collect(r.tx, sessionsOf, scanSession, int64(owner))
}

func (r sessionRows) Insert(rows []person.Session) error {
	return r.tx.bulk(sessionsInsert, len(rows), func(i int) []any {
		s := &rows[i]
		return []any{s.Hash, int64(s.ID), int64(s.Person), int64(s.CreatedAt), int64(s.SeenAt), s.Agent, s.Address}
	})
}

func (r sessionRows) Seen(hash string, at calendar.Instant) error {
	_, err := r.tx.write(sessionsSeen, hash, int64(at))
	return err
}

func (r sessionRows) End(owner id.ID, sessions []id.ID) (int64, error) {
	if len(sessions) == 0 {
		return r.tx.write(sessionsEndAll, int64(owner))
	}
	return r.tx.write(sessionsEnd, int64(owner), ints(sessions))
}

func (r sessionRows) EndOld(seenBefore, madeBefore calendar.Instant, limit int) (int64, error) {
	unseen, err := r.tx.write(sessionsEndUnseen, int64(seenBefore), int64(limit))
	if err != nil || unseen >= int64(limit) {
		return unseen, err
	}
	old, err := r.tx.write(sessionsEndOld, int64(madeBefore), int64(limit)-unseen)
	return unseen + old, err
}
