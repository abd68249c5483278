package main

import (
	"os"

	"quan/internal/edge/api"
)

type openapiCmd struct{}

// Run prints the document that a running server has under /openapi.json: clients
// are made of it, our own pages first.
func (openapiCmd) Run() error {
	document, err := api.Document()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(document, '\n'))
	return err
}
