package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// What follows is the service of bench/rival_test.go, word for word.

type claimRequest struct {
	Template string `json:"template"`
	Member   struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
	} `json:"member"`
	Channel string `json:"channel"`
	City    string `json:"city"`
}

type claimAnswer struct {
	Origin  string        `json:"origin"`
	Member  string        `json:"member"`
	Coupons []claimCoupon `json:"coupons"`
}

type claimCoupon struct {
	ID        string    `json:"id"`
	Number    string    `json:"number"`
	Template  string    `json:"template"`
	Version   int64     `json:"version"`
	ValidFrom time.Time `json:"valid_from"`
	ValidTo   time.Time `json:"valid_to"`
	Uses      int64     `json:"uses"`
	IssuedAt  time.Time `json:"issued_at"`
}

// claimService decodes, lets give make the coupon, and answers.
func claimService(give func(context.Context, string, *claimRequest) (int64, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/claims", func(w http.ResponseWriter, r *http.Request) {
		var in claimRequest
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		n, err := give(r.Context(), r.Header.Get("Idempotency-Key"), &in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		now := time.Now().UTC()
		out, _ := json.Marshal(claimAnswer{Origin: fmt.Sprintf("org_%013d", n), Member: "mem_0000000000001", Coupons: []claimCoupon{{
			ID: fmt.Sprintf("cpn_%013d", n), Number: "ABCD-EFGH-JKMN-PQ", Template: in.Template, Version: 1,
			ValidFrom: now, ValidTo: now.AddDate(0, 0, 7), Uses: 1, IssuedAt: now}}})
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", fmt.Sprint(len(out)))
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(out)
	})
	return mux
}
