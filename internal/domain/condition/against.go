package condition

// FindingKind says how two trees stand to each other.
type FindingKind string

// The kinds of findings.
const (
	// FindingContradiction: nobody who can claim can ever use, as long as who they
	// are and where they are stays as it was at the claim.
	FindingContradiction FindingKind = "contradiction"
	// FindingGap: some who can claim can't use.
	FindingGap FindingKind = "gap"
)

// Finding is a pair of places in a claim tree (A) and a use tree (B). A is "" where
// the claim tree asks nothing of what B asks for.
type Finding struct {
	Kind FindingKind
	A, B string
}

// persistence says what of a fact can be compared between claim and use.
type persistence uint8

const (
	passing  persistence = iota // of the moment only: nothing to compare
	changing                    // a difference is a gap, never a contradiction
	growing                     // only ever grows
	lasting                     // taken to stay as it is
)

func (d dimension) persistence() persistence {
	switch d.kind {
	case dimCity, dimStore, dimAttribute, dimFigure, dimTag, dimList, dimShare:
		return lasting
	case dimOrders, dimBought, dimNow:
		return growing
	case dimWeekday, dimMinute, dimOrderAge, dimRecent, dimBoughtRecently:
		return changing
	case dimChannel, dimMode: // a delivery channel at the claim, a use channel at use
		return changing
	}
	return passing
}

// Against compares what a claim demands with what use demands, fact by fact, with
// pointers below each tree. A contradiction is certain: no facts satisfy the claim
// tree and, with member and place unchanged and time and history gone on, the use
// tree. A gap is likely: facts that the claim tree allows on their own the use
// tree refuses. A tree that contradicts itself (Validate) is not looked at closer.
func Against(claim, use Tree) []Finding {
	a, b := boxOf(&claim, "", true), boxOf(&use, "", true)
	var found []Finding
	for _, d := range b.dimensions() {
		how := d.persistence()
		given, asked := a[d], b[d]
		if how == passing || given.parts == nil && (how == changing || d.kind == dimNow) {
			continue
		}
		if given.parts == nil {
			found = append(found, Finding{FindingGap, "", asked.parts[0].pointer})
			continue
		}
		if given.set.empty() || asked.set.empty() {
			continue
		}
		reached := given.set
		if how == growing {
			reached = reached.from()
			reached.unknown = given.set.unknown
			if given.set.unknown {
				reached = numberSet(reached.all, reached.all).orUnknown()
			}
		}
		pair := Finding{A: given.parts[0].pointer, B: asked.parts[0].pointer}
		switch {
		case how != changing && reached.intersect(asked.set).empty():
			pair.Kind = FindingContradiction
			found = append(found, apart(pair, given, asked))
		case !given.set.inside(asked.set):
			pair.Kind = FindingGap
			found = append(found, pair)
		}
	}
	return found
}

// apart names the two places that are apart by themselves, where there are such.
func apart(f Finding, a, b limits) Finding {
	for _, x := range a.parts {
		for _, y := range b.parts {
			if x.set.intersect(y.set).empty() {
				f.A, f.B = x.pointer, y.pointer
				return f
			}
		}
	}
	return f
}
