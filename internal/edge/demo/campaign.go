package demo

// campaigns are what the shop does on a day of itself: the control gets nothing.
func (s *simulation) campaigns(first bool) {
	for _, p := range s.people {
		if p.control {
			continue
		}
		switch {
		case p.login == s.day && p.group == newcomer:
			offers := pack
			if p.single {
				offers = single
			}
			s.issue(p, send, give, offers...)
		case first && p.group == highValue:
			s.vip(p)
		case p.group == dormant && s.day-p.contacted >= s.set.ContactDays:
			s.contact(p)
		}
		if s.day == s.set.ComplicatedDay && p.group == regular && s.random.Float64() < s.set.ComplicatedShare {
			s.issue(p, send, give, offerComplicated)
		}
	}
	if s.day == s.set.BlastDay {
		s.blast()
	}
}

// vip gives the privileges of the month: two acts, so that a wallet shows two.
func (s *simulation) vip(p *person) {
	s.issue(p, send, give, offerVIP)
	gift := s.issue(p, send, give, offerGift)[0]
	if s.random.Float64() < s.set.GiftPickup {
		day := s.day + s.random.IntN(s.offers[offerGift].days-1)
		if day == s.day {
			day++ // the morning's list of this day is closed
		}
		s.pending[day] = append(s.pending[day], later{who: p, held: gift})
	}
}

// contact speaks to a dormant member: in the app, on the official account, and
// by SMS when neither reached it, within the cap.
func (s *simulation) contact(p *person) {
	r := s.random
	p.contacted = s.day
	reached := false
	switch p.via {
	case 0:
		reached = r.Float64() < s.set.ReachApp
	case 1:
		reached = r.Float64() < s.set.ReachWeChat
	}
	s.book.messages[p.via]++
	if !reached && s.mayText(p) {
		p.texts = append(p.texts, s.day)
		s.book.messages[2]++
		reached = r.Float64() < s.set.ReachSMS
	}
	if !reached {
		return
	}
	day := s.day + r.IntN(6)
	switch x := r.Float64(); {
	case x < s.set.WakeByCoupon:
		p.wake = day
	case x < s.set.WakeByCoupon+s.set.OpenOnly:
		p.open = day
	}
}

// mayText keeps the cap of messages in 30 days.
func (s *simulation) mayText(p *person) bool {
	kept := p.texts[:0]
	for _, day := range p.texts {
		if day > s.day-30 {
			kept = append(kept, day)
		}
	}
	p.texts = kept
	return len(kept) < s.set.SMSCap
}

// blast replays the first failure: a coupon without threshold for everybody. The
// sender goes on for one slice beyond the end of the budget, as a sender does
// that learns it from the refusals.
func (s *simulation) blast() {
	most := int(s.set.blastBudget() / s.offers[offerBlast].amount)
	extra := s.set.piece()
	for _, p := range s.people {
		switch {
		case p.control:
		case most > 0:
			s.issue(p, send, give, offerBlast)
			most--
		case extra > 0:
			extra--
			s.issues++
			s.do(act{tick: send, verb: give, who: p, no: s.issues, held: []*holding{{offer: offerBlast, day: s.day, end: s.day}}})
			s.book.refused++
		}
	}
}

// issue puts coupons of one origin into the member's wallet.
func (s *simulation) issue(p *person, tick int, how verb, which ...int) []*holding {
	held := make([]*holding, len(which))
	for i, n := range which {
		held[i] = &holding{offer: n, day: s.day, end: s.day + s.offers[n].days, issued: s.date}
		p.took[n] = s.day
		s.book.issued[n]++
	}
	p.wallet = append(p.wallet, held...)
	s.issues++
	s.do(act{tick: tick, verb: how, who: p, no: s.issues, held: held})
	return held
}

// visit is a member who opens the app: it sees what is pinned there for its
// group, and takes it or not.
func (s *simulation) visit(p *person, tick int) {
	p.active = s.day
	if p.control {
		return
	}
	r := s.random
	switch {
	case p.group == dormant && p.contacted >= s.day-s.set.ContactDays && p.live(offerDormantAll, s.day) == nil:
		if r.Float64() < s.set.Notice+0.15 { // it came for the coupon, or nearly so
			for _, n := range dormantPair {
				s.issue(p, tick, take, n)
			}
		}
	case p.group != regular:
	case s.weekend && tick == eight && s.day-p.took[offerWeekend] >= 6:
		if r.Float64() < s.set.Notice {
			s.issue(p, tick, take, offerWeekend)
		}
	case p.lover() && s.day-p.took[offerMeat] >= 7:
		if r.Float64() < s.set.Notice {
			s.issue(p, tick, take, offerMeat)
		}
	}
}
